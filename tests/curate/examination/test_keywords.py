"""What a table of keywords answers, and what it leaves to the model."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from curate.examination.keywords import canned
from curate.examination.names import Lang
from schemas.identity import Identity, Names
from schemas.record import Message

BOTH = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))
TABLE: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    files("curate.examination").joinpath("keywords.yaml").read_text("utf-8")
)


def reply(text: str, lang: Lang = "zh", identity: Identity = BOTH, before: str = "") -> str:
    earlier = [Message(role="user", content=before), Message(role="assistant", content="好的。")] if before else []
    return canned([*earlier, Message(role="user", content=text)], lang, identity)


@pytest.mark.parametrize(
    ("text", "lang", "holds"),
    [
        ("请问，你 是 谁？", "zh", "小喵"),
        ("你是ＣｈａｔＧＰＴ吗", "zh", "不是的，我是小喵"),
        ("是谁开发的你呀", "zh", "技术吧"),
        ("转人工!!!", "zh", "转接"),
        ("WHO ARE YOU?!", "en", "Miao"),
        ("What’s your name", "en", "Miao"),
        ("who made you", "zh", "Tech Bar"),
        ("你叫什么", "en", "小喵"),
    ],
)
def test_a_keyword_is_answered_whatever_its_case_width_and_marks(text: str, lang: Lang, holds: str) -> None:
    assert holds in reply(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("能退吗", "zh"),
        ("", "zh"),
        ("谁给我发的货", "zh"),
        ("你们的名字印在哪", "zh"),
        ("who made your packaging", "en"),
        ("are you bottling this", "en"),
        ("where are your names listed", "en"),
        ("lawyers like it", "en"),
    ],
)
def test_other_questions_are_left_to_the_model(text: str, lang: Lang) -> None:
    assert reply(text, lang) == ""


def test_only_the_last_message_counts() -> None:
    assert reply("能退吗", before="你是谁") == ""
    assert reply("你是谁", before="能退吗")


def test_no_answer_has_a_slot_left() -> None:
    for identity in (BOTH, Identity(zh=BOTH.zh), Identity(en=BOTH.en), Identity()):
        for lang, entries in TABLE.items():
            for entry in entries:
                answer = reply(entry["words"][0], lang, identity)  # type: ignore[arg-type]
                assert "{" not in answer
                assert answer or ("{" in entry["answer"] and identity == Identity())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_of_the_table_is_met(lang: Lang) -> None:
    assert all(reply(word, lang) for entry in TABLE[lang] for word in entry["words"])
