"""The stage clean: all steps one after the other, over whole records, and what it notes of them."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.stages import Tools
from curate.stages.clean import Clean
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


@pytest.mark.parametrize(("chinese", "text", "expected"), [
    ("simplified", "請問發票什麼時候寄出", "请问发票什么时候寄出"), ("traditional", "发票", "發票"),
])  # fmt: skip
def test_scripts_are_converted_on_request(chinese: str, text: str, expected: str) -> None:
    outcome = Clean(chinese=chinese).run(frame_of([record("a", text, text)]), TOOLS)
    assert outcome.kept["messages"][0][0]["content"] == expected


def test_a_clean_book_comes_back_as_it_was() -> None:
    frame = frame_of([record("a", "能退吗？", "可以，七天内都能退。"), record("b", "hi", "Hello there.")])
    outcome = Clean().run(frame, TOOLS)
    assert outcome.kept.equals(frame)
    assert outcome.events.is_empty()


def test_what_changed_is_noted_and_what_is_emptied_is_dropped() -> None:
    frame = frame_of([
        record("a", "能退吗&amp;换吗", "可以。"), record("b", "在吗", "请问有什么可以帮您？"),
        record("c", "１２", "好１"),
    ])  # fmt: skip
    outcome = Clean().run(frame, TOOLS)
    assert outcome.kept["id"].to_list() == ["a", "c"]
    events = {(e["id"], e["verdict"], e["reason"]) for e in outcome.events.to_dicts()}
    assert events == {
        ("a", "fixed", "entities"), ("b", "dropped", "empty_after_cleaning"), ("c", "fixed", "width"),
    }  # fmt: skip


def test_a_conversation_whose_opening_was_boilerplate_begins_with_the_question() -> None:
    talk = [
        ("user", "人工客服"),
        ("assistant", "在的"),
        ("user", "能退吗"),
        ("assistant", "可以"),
        ("user", "会话已结束"),
    ]
    messages = [{"role": role, "content": text} for role, text in talk]
    outcome = Clean().run(frame_of([record("a", "", "", messages=messages)]), TOOLS)
    assert [m["content"] for m in outcome.kept["messages"][0]] == ["能退吗", "可以"]


EXACT = [
    "299.00元", "5kg", "iPhone 15 Pro", "48小时", "1,299", "-5℃", "https://a.example/x?a=1&b=2&copy=3", "3×5",
    "12\u00a0000 km", "25㎡", "A-1080-X", "SKU:00123-B", "8GB+256GB", "`a  = b[0] ;  c`",
    "```py\nif  x:\n\n\n\n    y = 'ＡＢ'  \n```", "v1.2.3-rc1", "3.14", "10:30", "2024-05-01", "50%", "$1,299.00",
    "a@b.example", "0.5mm²", "Ⅱ代", "①", "C++", "x86_64", "#12", "1/2", "±0.1",
]  # fmt: skip
"""Pieces that keep every character, whatever stands around them."""
GLUE = [
    "，",
    "。",
    ", ",
    "！！！！！",
    " ",
    "  ",
    "\n\n\n\n",
    "价格是",
    "支持",
    "&nbsp;",
    "\u200b",
    "登陆",
    "　",
    "😊",
    "?",
    "(好)",
    "——",
]
HARD = {"punctuation": "both", "emoji": "name", "typos": {"登陆": "登录"}, "terms": {"七天无理由": ["7天无理由"]}}


@settings(max_examples=50)
@example(parts=[("，", "a@b.example"), ("\u3000", "12\u00a0000 km")], lang="zh")
@given(
    st.lists(st.tuples(st.sampled_from(GLUE), st.sampled_from(EXACT)), min_size=1, max_size=5),
    st.sampled_from(["zh", "en"]),
)
def test_numbers_units_code_and_addresses_keep_every_character(parts: list[tuple[str, str]], lang: str) -> None:
    text = "请问" + "".join(f"{glue} {exact} " for glue, exact in parts) + "对吗"
    for options in ({}, HARD):
        kept = cleaned(text, lang, **options)
        offset = 0
        for _, exact in parts:
            offset = kept.find(exact, offset)
            assert offset >= 0, (exact, kept)
            offset += len(exact)


PIECE = st.sampled_from(
    [*GLUE, *EXACT, "ＡＢ１", "[订单x]", "<#>", "&amp;lt;", "â€™", "客服小美为您服务", "工号1024", "^JS", "7天无理由"]
)


@settings(max_examples=50)
@given(st.lists(PIECE, max_size=8).map("".join), st.sampled_from(["zh", "en"]))
def test_the_whole_chain_done_twice_is_done_once(text: str, lang: str) -> None:
    for options in ({}, HARD):
        once = cleaned("请问" + text, lang, **options)
        assert cleaned(once, lang, **options) == once


@settings(max_examples=50)
@example(text="!!!!")
@example(text="，，，，。。。。")
@given(st.text(alphabet=st.sampled_from("ＡｂＣ１２３45dE，。!a1（）"), max_size=20))
def test_only_the_width_of_letters_and_digits_changes(text: str) -> None:
    """And marks in a row, of which three stay."""
    expected = re.sub(r"([，。!])\1{3,}", r"\1\1\1", "请" + text)
    assert unicodedata.normalize("NFKC", cleaned("请" + text)) == unicodedata.normalize("NFKC", expected)


def cleaned(text: str, lang: str = "zh", **options: Any) -> str:
    """A message of the agent after all steps; `请问` keeps it from being emptied."""
    frame = frame_of([record("a", "请问", text, lang=lang)])
    outcome = Clean(**options).run(frame, TOOLS)
    return outcome.kept["messages"][0][1]["content"] if outcome.kept.height else ""


def test_masks_speak_the_language_of_the_conversation() -> None:
    assert (
        cleaned("<EMAIL> [订单x] @115850 {{Customer Support Phone Number}}", "en")
        == "[EMAIL] [ORDER] [ACCOUNT] [PHONE]"
    )
    assert cleaned("<EMAIL> [订单x] @115850", "zh") == "[邮箱] [订单号] [账号]"


@pytest.mark.parametrize(
    "held", ["{{name}}", "{{ Author }}", "<NAME>", "${name}", "｛｛名字｝｝", "{姓名}", "{{公司}}", "<COMPANY>"]
)
def test_identity_placeholders_stay_for_their_guard(held: str) -> None:
    assert cleaned(f"我是{held}，很好") == f"我是{held}，很好"


def test_signatures_are_looked_for_in_the_agents_words_of_logs_alone() -> None:
    frame = frame_of([
        record("a", "工号1024", "收到，已记下"), record("b", "写一封信", "好的。\nBest regards,\nAnna", kind="general"),
        record("c", "在吗", "您好，请问有什么可以帮您？", kind="general"),
    ])  # fmt: skip
    assert Clean().run(frame, TOOLS).kept.equals(frame)


def test_what_one_record_needs_does_not_change_another() -> None:
    talk = [
        {"role": "assistant", "content": "欢迎"},
        {"role": "user", "content": "能退吗"},
        {"role": "user", "content": "急"},
    ]
    plain = record("a", "", "", messages=[*talk, {"role": "assistant", "content": "能"}])
    dirty = record("b", "１２能退吗", "可以１")
    emptied = record("c", "在吗", "请问有什么可以帮您？")
    outcome = Clean().run(frame_of([dirty, plain, emptied, {**dirty, "id": "d"}]), TOOLS)
    assert outcome.kept["id"].to_list() == ["b", "a", "d"]
    assert outcome.kept["messages"][1].to_list() == plain["messages"]
    assert outcome.kept["messages"][2].to_list()[0]["content"] == "12能退吗"
    assert outcome.kept.schema == frame_of([]).schema


@pytest.mark.parametrize("recipe", [
    {"terms": {"甲": ["乙"]}, "typos": {"甲": "丙"}}, {"typos": {"a": "b", "b": "a"}}, {"terms": {"甲": [""]}},
])  # fmt: skip
def test_words_that_are_both_wanted_and_replaced_are_refused(recipe: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Clean(**recipe)


def test_the_same_records_in_any_blocks_come_out_the_same() -> None:
    rows = [record(str(n), f"能退吗{n}", "１可以" if n % 3 else "在的&amp;") for n in range(12)]
    whole = Clean().run(frame_of(rows), TOOLS).kept
    parts = pl.concat([Clean().run(frame_of(rows[n : n + 5]), TOOLS).kept for n in range(0, 12, 5)])
    assert whole.equals(parts)
