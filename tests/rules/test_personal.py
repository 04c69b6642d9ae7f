"""Personal data is found glued to Han characters, in full width and with dashes; look-alikes are left alone."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.personal import KINDS, find, plain, screen

FINDS = [(name, text, part) for name, kind in KINDS.all().items() for text, part in kind.examples.finds]
SPARES = [(name, text) for name, kind in KINDS.all().items() for text in kind.examples.spares]


@pytest.mark.parametrize(("name", "text", "part"), FINDS)
def test_a_kind_finds_what_its_examples_say(name: str, text: str, part: str) -> None:
    assert [text[f.start : f.end] for f in find(text, [name])] == [part]
    assert screen(pl.Series([text]), [name]).all(), "the screen lets it slip"


@pytest.mark.parametrize(("name", "text"), SPARES)
def test_a_kind_spares_what_its_examples_say(name: str, text: str) -> None:
    assert find(text, [name]) == []


def test_there_are_as_many_look_alikes_as_finds() -> None:
    assert len(SPARES) >= len(FINDS)


@pytest.mark.parametrize("name", KINDS.names())
def test_a_kind_is_documented_in_both_languages(name: str) -> None:
    kind = KINDS.load(name)
    assert kind.__doc__
    assert kind.title_zh and kind.label_zh and kind.label_en


@pytest.mark.parametrize(
    "text",
    [
        "[手机号1] 和 [PHONE2]", "您的[订单x]金额[数字x]", "order {{Order Number}}", "write to __email__", "@115850 hi",
        "价格1299元，原价1599.00元", "2023-11-24 12:30:05", "iPhone 15 Pro Max 256G", "满300减50", "10086 和 95588",
        "尺码 170/92A", "24小时内退款", "ISBN 978-7-111", "屏幕2560x1440 144Hz", "400-820-8820",
    ],
)  # fmt: skip
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_one_number_is_the_same_however_it_is_written() -> None:
    assert plain("138-1234 5678") == plain("１３８１２３４５６７８") == "13812345678"


@given(st.text(max_size=80))
def test_finds_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= f.start < f.end <= len(text) for f in found)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_number_is_found_between_any_texts(before: str, after: str) -> None:
    text = f"{before}，手机号13812345678，{after}"
    assert "13812345678" in [text[f.start : f.end] for f in find(text)]
