"""Cleaning repairs damage and nothing else: as many texts that must not change as texts that must."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.cleaning import Options
from curate.stages import Tools
from curate.stages.clean import STEPS, Clean
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
OPTIONS = Options(
    terms={"七天无理由": ("7天无理由", "七日无理由")}, boilerplate=("喵店欢迎您",), chinese="keep"
)  # fmt: skip
CHANGES = [
    ("mojibake", "donâ€™t worry", "don’t worry"),
    ("mojibake", "ä½\u00a0å¥½", "你好"),
    ("entities", "AT&amp;T &lt;b&gt; &#39;x&#39;", "AT&T <b> 'x'"),
    ("entities", "a&amp;amp;b", "a&b"),
    ("entities", "满&nbsp;100", "满\u00a0100"),
    ("control", "你\u200b好\ufeff", "你好"),
    ("control", "a\r\nb\u2028c\u0085d", "a\nb\nc\nd"),
    ("control", "a\u202eb\u0007c", "abc"),
    ("width", "ＡＢＣ１２３，！", "ABC123，！"),
    ("spaces", "a  b　c\n\n\n\nd ", "a b c\n\nd"),
    ("repeats", "好的！！！！！！", "好的！！！"),
    ("repeats", "等等~~~~~~~~", "等等~~~"),
    ("terms", "支持7天无理由退货", "支持七天无理由退货"),
    ("terms", "七日无理由", "七天无理由"),
    ("boilerplate", "您好，请问有什么可以帮您的吗？", ""),
    ("boilerplate", "可以退的。祝您生活愉快，再见！", "可以退的。"),
    ("boilerplate", "明天到 还有其他问题吗", "明天到"),
    ("boilerplate", "人工客服", ""),
    ("boilerplate", "喵店欢迎您~耳机有货", "耳机有货"),
    ("boilerplate", "Your refund is on its way. Have a nice day!", "Your refund is on its way."),
]
SAME = [
    ("mojibake", "café naïve £5 “quoted” – ok"),
    ("mojibake", "12 000 €"),
    ("entities", "AT&T a=1&copy=2 &nbsp 100&200;"),
    ("entities", "if (a && b) { c &= d; }"),
    ("control", "a\tb\nc"),
    ("control", "👨‍👩‍👧 ok"),
    ("width", "，。！？（）：；“”"),
    ("width", "全角ー～"),
    ("spaces", "a b c\n\nd"),
    ("spaces", "def f():\n    return 1"),
    ("repeats", "好的！！！"),
    ("repeats", "****1234 ---- ...... ====="),
    ("terms", "支持17天无理由退货"),
    ("terms", "七天无理由"),
    ("boilerplate", "感谢您的支持，退款已到账"),
    ("boilerplate", "人工客服几点上班"),
    ("boilerplate", "客服说还有其他问题吗这句话很多余"),
    ("boilerplate", "v1.2.3 at example.com is ok"),
    ("chinese", "繁體字"),
    ("entities", "&#39 &;"),
]


@pytest.mark.parametrize(("name", "text", "expected"), CHANGES)
def test_a_step_repairs(name: str, text: str, expected: str) -> None:
    step = STEPS.load(name)(OPTIONS)
    assert pl.Series([text]).str.contains(step.screen() or "(?:never)")[0], "the screen lets it slip"
    assert step.fix(text) == expected


@pytest.mark.parametrize(("name", "text"), SAME)
def test_a_step_leaves_alone(name: str, text: str) -> None:
    step = STEPS.load(name)(OPTIONS)
    assert step.screen() is None or step.fix(text) == text


def test_there_are_as_many_texts_to_leave_alone() -> None:
    assert len(SAME) >= len(CHANGES)


@pytest.mark.parametrize("name", [name for name in STEPS.names() if STEPS.load(name)(OPTIONS).screen()])
@given(
    text=st.text(
        alphabet=st.sampled_from("aZ9 \t\n&;#amp您好。！~～　１Ａ\u200b\u00a0\r亲，7天无理由还有其他问题吗."),
        max_size=40,
    )
)
def test_a_step_done_twice_is_done_once(name: str, text: str) -> None:
    step = STEPS.load(name)(OPTIONS)
    once = step.fix(text)
    assert step.fix(once) == once


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
    told = {(e["id"], e["verdict"], e["reason"]) for e in outcome.events.to_dicts()}
    assert told == {
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


NUMBER = st.sampled_from(
    ["299.00元", "5kg", "iPhone 15 Pro", "48小时", "1,299", "-5℃", "https://a.example/x?a=1&b=2", "3×5"]
)


@settings(max_examples=60)
@given(st.lists(NUMBER, min_size=1, max_size=4))
def test_numbers_units_and_addresses_keep_every_character(parts: list[str]) -> None:
    text = "价格是" + "，或".join(parts) + "对吗"
    outcome = Clean().run(frame_of([record("a", text, text)]), TOOLS)
    assert outcome.kept["messages"][0][0]["content"] == text
