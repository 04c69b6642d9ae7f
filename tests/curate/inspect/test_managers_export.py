"""What an operations manager hands over, all of it at once: it becomes a right version by what `init` prints.

A workbook with title rows, merged session ids, a clock of twelve hours, nicknames, rows of the system, totals and a
second sheet, beside a CSV of another month in GBK and a note for colleagues.
"""

import json
import shlex
from pathlib import Path

from tests.curate.inspect.test_first_five_minutes import hornbook
from tests.curate.reading.readers.test_table_shapes import book, sheet_rows

TITLES = ["技术吧旗舰店会话明细,,,,", "导出人：运营部,,,,"]
HEADER = "会话编号,时间,发送方,昵称,内容"
GOODS = ["台灯", "水壶", "书包", "雨伞", "耳机", "键盘", "毛毯", "砧板"]
Talk = list[tuple[str, str]]


def talk(n: int, month: int) -> Talk:
    goods = GOODS[n]
    return [
        ("user", f"{month}月买的{goods}能退吗，包装已经拆了"),
        ("assistant", f"您好，{goods}七天内都可以退，请在订单页申请"),
        ("user", f"退{goods}的运费是谁出呢"),
        ("assistant", f"质量问题由我们承担，{goods}不喜欢的话需要您自理"),
    ]


def lines(month: int, first: int, half_days: tuple[str, str]) -> tuple[list[str], list[Talk], list[str]]:
    """The rows of a month from the row `first` on, the talks in them, and which cells of the ids are merged.

    Each talk goes on over noon: as text, 12:58 comes behind 1:02.
    """
    morning, afternoon = half_days
    rows, talks, merged = [], [], []
    for n in range(8):
        turns = talk(n, month)
        agent = ("小李", "小王")[n % 2]
        times = [
            f"2025/{month}/{n + 1} {morning} 11:5{n}",
            *(f"2025/{month}/{n + 1} {afternoon} {at}" for at in ("12:58", "1:02", "1:07")),
        ]
        id = f"{month}00{n}"
        rows.append(f"{id},{times[0]},系统,系统,客服{agent}进入会话")
        for time, (role, text) in zip(times, turns, strict=True):
            side, name = ("客户", f"星星{n}") if role == "user" else ("客服", agent)
            rows.append(f",{time},{side},{name},{text.replace(',', '，')}")
        merged.append(f"A{first + 5 * n}:A{first + 5 * n + 4}")
        talks.append(turns)
    return rows, talks, merged


def test_an_export_of_a_manager_becomes_a_right_version_by_what_is_printed(tmp_path: Path) -> None:
    export = tmp_path / "导出"
    export.mkdir()
    july, july_talks, july_merged = lines(7, 4, ("上午", "下午"))
    august, august_talks, august_merged = lines(8, 4, ("AM", "PM"))
    september, september_talks, _ = lines(9, 2, ("上午", "下午"))
    total = ["合计,40,,,"]
    content = book(
        {
            "说明": sheet_rows(["本表由系统导出", "仅供内部使用"]),
            "7月": sheet_rows([*TITLES, HEADER, *july, *total]),
            "8月": sheet_rows([*TITLES, HEADER, *august, *total]),
        },
        merged={"7月": july_merged, "8月": august_merged},
    )
    (export / "会话.xlsx").write_bytes(content)
    filled = [row if row[0] != "," else f"900{position // 5}{row}" for position, row in enumerate(september)]
    (export / "九月.csv").write_text("\r\n".join([HEADER, *filled]), encoding="gbk")
    (export / "说明.txt").write_text("九月的数据是另外导出的，和前两个月的列一样\n", encoding="utf-8")

    begun = hornbook(tmp_path, "init", "--from", "导出")
    assert begun.returncode == 0, begun.stderr
    command = begun.stderr.splitlines()[-1].removeprefix("next: hornbook ")
    built = hornbook(tmp_path, *shlex.split(command))
    assert built.returncode == 0, built.stderr

    (shard,) = tmp_path.glob("datasets/*/*/train-00000.jsonl")
    rows = [json.loads(line)["messages"] for line in shard.read_text(encoding="utf-8").splitlines()]
    turns = [[(message["role"], message["content"]) for message in row] for row in rows]
    assert sorted(turns) == sorted([*july_talks, *august_talks, *september_talks])
    assert "说明.txt is left out" in begun.stdout
