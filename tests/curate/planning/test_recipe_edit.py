"""A setting is written where it belongs and every other byte stays; what is not sure is refused."""

from typing import Any

import pytest
import yaml

from curate.planning.recipe_edit import merged, with_changes
from schemas.errors import RecipeError
from schemas.plan_findings import ProposedSetting

EPOCHS = ProposedSetting(keys=("train", "epochs"), value=3)
RATE = ProposedSetting(keys=("train", "learning_rate"), value=0.0001)
SHARE = ProposedSetting(keys=("mix", "shares", "general"), value=0.08)
LIMIT = ProposedSetting(keys=("mix", "limits", "identity"), value={"zh": 40, "en": 80})
NEGATIVES = ProposedSetting(keys=("identity", "negatives"), value=136)

EDITS = [
    ("train:\n  epochs: 1   # few\n  batch: 4\n", EPOCHS, "train:\n  epochs: 3   # few\n  batch: 4\n"),
    ("train: {epochs: 1.25, batch: 4} # x\n", EPOCHS, "train: {epochs: 3, batch: 4} # x\n"),
    ("train:\n  # 批量\n  batch: 4\n", RATE, "train:\n  # 批量\n  learning_rate: 0.0001\n  batch: 4\n"),
    ("train: {}\n", RATE, "train: {learning_rate: 0.0001}\n"),
    ("name: a", RATE, "name: a\ntrain: {learning_rate: 0.0001}\n"),
    ("name: a\r\ntrain:\r\n    batch: 4\r\n", EPOCHS, "name: a\r\ntrain:\r\n    epochs: 3\r\n    batch: 4\r\n"),
    ("stages:\n  - mix # last\n  - leak\n", SHARE, "stages:\n  - mix: {shares: {general: 0.08}} # last\n  - leak\n"),
    ("stages: [clean, mix]\n", SHARE, "stages: [clean, mix: {shares: {general: 0.08}}]\n"),
    (
        "stages:\n- mix: {shares: {general: 0.01}, limits: {domain: 70}}\n",
        LIMIT,
        "stages:\n- mix: {shares: {general: 0.01}, limits: {domain: 70, identity: {zh: 40, en: 80}}}\n",
    ),
    (
        "stages:\n- mix:\n    limits:\n      identity: 100\n",
        LIMIT,
        "stages:\n- mix:\n    limits:\n      identity: {zh: 40, en: 80}\n",
    ),
    (
        "stages:\n- mix: {limits: {identity: {zh: 90, en: 90}}}\n",
        LIMIT,
        "stages:\n- mix: {limits: {identity: {zh: 40, en: 80}}}\n",
    ),
    ("stages:\n- identity: {rows: 9, negatives: 1}\n", NEGATIVES, "stages:\n- identity: {rows: 9, negatives: 136}\n"),
    ("\ufefftrain: {epochs: 1}\n", EPOCHS, "\ufefftrain: {epochs: 3}\n"),
    ("stages:\n- identity: {rows: 9,}\n", NEGATIVES, "stages:\n- identity: {rows: 9, negatives: 136,}\n"),
]
REFUSED = [
    ("name: a\n", SHARE),
    ("stages: [clean]\n", SHARE),
    ("stages: [mix, clean, mix]\n", SHARE),
    ("stages:\n- mix: {shares: {general: {zh: 0.01}}}\n- mix\n", SHARE),
    ("stages:\n- mix:\n", SHARE),
    ("train:\n", EPOCHS),
    ("train: 7\n", EPOCHS),
    ("base: &t {epochs: 1}\ntrain: *t\n", EPOCHS),
    ("a: &t {b: 1}\ntrain:\n  <<: *t\n  epochs: 1\n", EPOCHS),
    ("stages:\n- mix:\n    limits:\n      identity:\n        zh: 9\n", LIMIT),
    ("train: {epochs: 1}\ntrain: {epochs: 2}\n", EPOCHS),
    ("name: a\n...\n", EPOCHS),
]


@pytest.mark.parametrize(("before", "change", "after"), EDITS)
def test_a_setting_is_written_and_every_other_byte_stays(before: str, change: ProposedSetting, after: str) -> None:
    assert with_changes(before, [change]) == after
    assert with_changes(after, [change]) == after


@pytest.mark.parametrize(("before", "change"), REFUSED)
def test_what_is_not_sure_is_refused_in_a_sentence(before: str, change: ProposedSetting) -> None:
    with pytest.raises(RecipeError, match="by hand") as caught:
        with_changes(before, [change])
    assert "\n" not in caught.value.sentence.en + caught.value.sentence.zh


def test_several_settings_are_written_one_after_the_other() -> None:
    edited = with_changes("stages: [mix]\ntrain: {batch: 2}\n", [EPOCHS, LIMIT, RATE, SHARE])
    assert yaml.safe_load(edited) == {
        "stages": [{"mix": {"limits": {"identity": {"zh": 40, "en": 80}}, "shares": {"general": 0.08}}}],
        "train": {"batch": 2, "epochs": 3, "learning_rate": 0.0001},
    }


@pytest.mark.parametrize(
    ("values", "kept"), [((3, 6), 6), ((6, 3), 6), (({"zh": 9, "en": 30}, {"zh": 20, "en": 8}), {"zh": 9, "en": 8})]
)
def test_two_proposals_for_one_setting_are_one(values: tuple[Any, Any], kept: Any) -> None:
    changes = [ProposedSetting(keys=("train", "epochs"), value=value) for value in values]
    assert [change.value for change in merged(changes)] == [kept]
