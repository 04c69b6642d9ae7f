"""A first recipe names the columns that put rows into order, and none where the rows stand in order already."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from curate.inspect.column_roles import columns_of
from schemas.errors import InputError

Said = tuple[str, datetime, str, str]
SAID = (
    "我想问一下这个能退吗", "您好，七天内可以退货的", "那运费谁来承担呢", "抱歉，运费由您承担哦", "好的那我再想想看",
    "不客气，祝您生活愉快",
)  # fmt: skip


def log(step: float = 40) -> list[Said]:
    """Six sessions of six messages, `step` seconds apart, which begin at half past nine and go on into the night."""
    begin = datetime(2024, 3, 5, 9, 30)
    return [
        (f"S{s}", begin + timedelta(hours=3 * s, seconds=step * n), ("客户", "客服")[n % 2], f"{text}{s}")
        for s in range(6)
        for n, text in enumerate(SAID)
    ]


def table(messages: list[Said], **columns: Callable[[int, datetime], str]) -> list[dict[str, str]]:
    """Write the messages with columns made of their number in the log and their time."""
    return [
        {"会话": session, **{name: cell(n, at) for name, cell in columns.items()}, "角色": who, "内容": text}
        for n, (session, at, who, text) in enumerate(messages)
    ]


def shuffled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return random.Random(7).sample(rows, len(rows))


def iso(_: int, at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def minute(_: int, at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def half(_: int, at: datetime) -> str:
    return "上午" if at.hour < 12 else "下午"


def late_agents(n: int, at: datetime) -> str:
    return iso(n, at - timedelta(seconds=90 * (n % 2)))


NEEDED = [
    ("times", table(log(), 时间=iso), "时间"),
    ("a date and a clock", table(log(), 时间=lambda _, at: f"{at:%H:%M:%S}", 日期=lambda _, at: f"{at:%Y/%m/%d}"),
     ["日期", "时间"]),
    ("digits alone", table(log(), 日期=lambda _, at: f"{at:%Y%m%d}", 时间=lambda _, at: f"{at:%H%M%S}"),
     ["日期", "时间"]),
    ("a half of the day beside", table(log(), 日期=lambda _, at: f"{at:%Y/%m/%d}", 时间=lambda _, at: f"{at:%I:%M:%S}",
                                   午别=half), ["日期", "时间", "午别"]),
    ("a number that parts a minute", table(log(), 时间=minute, 消息序号=lambda n, _: str(n % 6 + 1)),
     ["时间", "消息序号"]),
    ("a number alone", table(log(), 楼层=lambda n, _: str(n % 6 + 1)), "楼层"),
    ("a number in words", table(log(), 楼层=lambda n, _: f"第{n % 6 + 1}条"), "楼层"),
    ("a number that is right where clocks differ", table(log(), 消息序号=lambda n, _: str(n), 时间=late_agents),
     "消息序号"),
    ("the time of the message, not of the session", table(log(), 开始=lambda n, _: "2024-03-05 09:00:00",
                                                        发送时间=iso), "发送时间"),
    ("milliseconds", table(log(), at=lambda _, at: str(int(at.timestamp() * 1000))), "at"),
]  # fmt: skip
IN_ORDER = [
    ("times", table(log(), 时间=iso)),
    ("minutes", table(log(), 时间=minute)),
    ("a clock over noon without a word", table(log(3000), 时间=lambda _, at: f"{int(f'{at:%I}')}:{at:%M}")),
    ("a clock over midnight without a date", table(log(1800), 时间=lambda _, at: f"{at:%H:%M:%S}")),
    ("clocks that differ", table(log(), 时间=late_agents)),
    ("months first", table(log(), 时间=lambda _, at: f"{at:%m/%d/%Y %I:%M:%S %p}")),
]


@pytest.mark.parametrize(("rows", "time"), [case[1:] for case in NEEDED], ids=[case[0] for case in NEEDED])
def test_rows_in_no_order_need_their_times(rows: list[dict[str, str]], time: str | list[str]) -> None:
    guess = columns_of(shuffled(rows))
    assert guess
    assert guess.options.get("time") == time


@pytest.mark.parametrize("rows", [case[1] for case in IN_ORDER], ids=[case[0] for case in IN_ORDER])
def test_rows_that_stand_in_order_stay(rows: list[dict[str, str]]) -> None:
    guess = columns_of(rows)
    assert guess
    assert "time" not in guess.options


def test_clocks_that_differ_are_told() -> None:
    guess = columns_of(table(log(), 时间=late_agents))
    assert guess
    assert "clocks of the two sides differ" in guess.note.en


def test_what_nothing_decides_is_asked() -> None:
    days = (datetime(2024, 2, 1), datetime(2024, 1, 12), datetime(2024, 5, 10), datetime(2024, 4, 6))
    rows = table(log(), 时间=lambda n, at: f"{days[n % 4] + timedelta(hours=at.hour):%d/%m/%Y %H:%M}")
    with pytest.raises(InputError, match=r"'时间'.*order: mdy.*session: 会话, role: 角色, text: 内容"):
        columns_of(shuffled(rows))


def test_shops_that_count_from_1_name_their_sessions_together() -> None:
    rows = [
        {"shop": shop, **row} for shop in ("berlin", "oslo") for row in table(log(), 时间=iso) for row in [dict(row)]
    ]
    guess = columns_of(sorted(rows, key=lambda row: row["时间"]))
    assert guess
    assert guess.options["session"] == ["shop", "会话"]
