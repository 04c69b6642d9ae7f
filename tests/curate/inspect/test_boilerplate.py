"""Frequent lines are proposed, without personal data, and removed only when the recipe lists them."""

from pathlib import Path

import polars as pl
import pytest

from curate.conversations.messages import explode
from curate.inspect.boilerplate import proposed_boilerplate
from curate.stages import Tools
from curate.stages.clean import Clean
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
CLOSING = "感谢您选择喵店，期待再见！"


def talks(opening: str, closing: str, count: int = 20) -> pl.DataFrame:
    """Conversations of their own words between an opening and a closing line of the agent; `{n}` is the number."""
    words = "红橙黄绿青蓝紫黑白灰粉金银棕米驼杏茶墨咖"
    return frame_of([
        record(str(n), f"{words[n]}色的还有吗", f"{opening.format(n=n)}\n{words[n]}色有货\n{closing.format(n=n)}")
        for n in range(count)
    ])  # fmt: skip


def lines(frame: pl.DataFrame, share: float = 0.3) -> dict[str, tuple[float, int]]:
    return {line: (part, number) for line, part, number in proposed_boilerplate(explode(frame), share)}


def test_a_line_that_closes_many_sessions_is_proposed_with_its_share() -> None:
    half = pl.concat([talks("在的", CLOSING, 10), frame_of([record("x", "能退吗", "可以")] * 10)])
    assert lines(half)[CLOSING] == (0.5, 10)


def test_a_line_of_few_sessions_is_not_proposed() -> None:
    rare = pl.concat(
        [talks("在的", CLOSING, 4), frame_of([record("x", f"能退{n}吗", "可" * (n + 2)) for n in range(16)])]
    )
    assert CLOSING not in lines(rare)


def test_a_line_in_the_middle_is_not_proposed() -> None:
    frame = frame_of(
        [record(str(n), f"颜色{'红' * n}", f"开{'红' * n}\n{CLOSING}\n完{'红' * n}") for n in range(1, 12)]
    )
    assert CLOSING not in lines(frame)


@pytest.mark.parametrize(("opening", "shown"), [
    ("您的排队号是{n}号，马上就到", "您的排队号是[数字]号，马上就到"),
    ("您的电话1381234567{n}已登记", None),
    ("请把图发到help{n}@shop.example", None),
    ("您的[订单x]正在处理中", "您的[订单号]正在处理中"),
])  # fmt: skip
def test_no_proposal_shows_a_number_or_an_address(opening: str, shown: str | None) -> None:
    found = lines(talks(opening, "好的", 10))
    assert shown is None or shown in found
    assert not any(sign in "".join(found) for sign in ("138", "@", "x]", *"0123456789"))


def test_what_cleaning_removes_anyway_is_not_proposed() -> None:
    found = lines(talks("您好，客服小美为您服务", "祝您生活愉快！"))
    assert not any("小美" in line or "愉快" in line for line in found)


def test_a_proposed_line_is_removed_once_the_recipe_lists_it() -> None:
    frame = talks("您的排队号是{n}号，马上就到", CLOSING)
    proposed = tuple(lines(frame))
    kept = Clean(boilerplate=proposed).run(frame, TOOLS).kept
    assert [messages[1]["content"][1:] for messages in kept["messages"]] == ["色有货"] * 20
    assert Clean().run(frame, TOOLS).kept.equals(frame)


def test_the_order_of_sessions_does_not_matter() -> None:
    frame = talks("您的排队号是{n}号，马上就到", CLOSING)
    assert proposed_boilerplate(explode(frame)) == proposed_boilerplate(explode(frame.reverse()))


def test_nothing_gives_nothing() -> None:
    assert proposed_boilerplate(explode(frame_of([]))) == []
