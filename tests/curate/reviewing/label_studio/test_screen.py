"""The screens: well formed, in one language, each key for one thing, and left alone where changed by hand."""

import re
from itertools import product
from typing import get_args
from xml.etree import ElementTree

import pytest

from curate.reviewing.in_words import OTHER, REJECT_REASONS
from curate.reviewing.label_studio.screen import EDITED_KEYS, HOLDS_KEYS, SEAL, is_untouched, screen
from curate.stages.quality import RULES
from schemas.bilingual import Language
from schemas.review import VERDICT_WORDS, Asked

SCREENS = list(product(get_args(Asked), get_args(Language)))
NO_RULES = {"wrong_fact", "personal_data", OTHER}
"""What no rule looks for, or a stage does."""


@pytest.mark.parametrize(("asked", "lang"), SCREENS)
def test_a_screen_is_well_formed_and_in_one_language(asked: Asked, lang: Language) -> None:
    config = screen(asked, lang)
    root = ElementTree.fromstring(config)
    assert "[[" not in config
    shown = [
        element.get(name, "")
        for element in root.iter()
        for name in ("value", "placeholder", "requiredMessage")
        if element.tag != "Choice" or name == "value"
    ]
    words = [text for text in shown if text and "$" not in text]
    is_chinese = [bool(re.search(r"[\u4e00-\u9fff]", word)) for word in words]
    assert len(words) > 15
    assert all(is_chinese) if lang == "zh" else not any(is_chinese)


@pytest.mark.parametrize(("asked", "lang"), SCREENS)
def test_a_key_does_one_thing_on_a_screen(asked: Asked, lang: Language) -> None:
    choices = list(ElementTree.fromstring(screen(asked, lang)).iter("Choice"))
    keys = [choice.get("hotkey", "") for choice in choices]
    keys += [*HOLDS_KEYS, *EDITED_KEYS] if asked == "conflict" else []
    assert all(keys) and len(keys) == len(set(keys))
    assert [choice.get("alias") for choice in choices] == ["accept", "edit", "reject", "unsure", *REJECT_REASONS]
    assert keys[:4] == ["1", "2", "3", "4"]
    assert "u" not in keys  # Label Studio's own


@pytest.mark.parametrize(("asked", "lang"), SCREENS)
def test_names_of_controls_and_of_what_they_belong_to_are_known(asked: Asked, lang: Language) -> None:
    elements = list(ElementTree.fromstring(screen(asked, lang)).iter())
    names = [element.get("name", "") for element in elements if element.get("name")]
    assert len(names) == len(set(names))
    assert {element.get("toName") for element in elements} <= {None, "messages"}
    assert {element.get("whenTagName") for element in elements} <= {None, *names}
    assert not [element for element in elements if (element.get("value") or "").startswith("$source")]


def test_a_screen_that_people_changed_is_left_alone() -> None:
    config = screen("record", "zh")
    assert is_untouched(config)
    seal = SEAL.search(config)
    assert seal
    touched = (
        config.replace("修改", "改"),
        config.replace(seal[0], ""),
        config.replace("</View>", "</View><!-- -->", 1),
        config + seal[0],
        "",
    )
    assert not [other for other in touched if is_untouched(other)]


def test_reasons_are_names_of_rules_where_there_is_one() -> None:
    assert set(REJECT_REASONS) - NO_RULES <= set(RULES.names())
    assert not NO_RULES & set(RULES.names())


def test_verdicts_of_the_screens_are_understood() -> None:
    assert {"accept", "edit", "reject"} <= set(VERDICT_WORDS)
    assert VERDICT_WORDS["unsure"] == "unsure"
