"""What `hornbook inspect` prints of a file: for a person who has an export and a question."""

from typing import Any

import yaml
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from curate.inspecting import Findings, recipe_of
from rules.personal import KINDS
from schemas.words import Words

COLUMNS = 12
"""Columns shown of a wide table."""
CLIPPED = 160
"""Characters shown of a message."""
SIDES = {"user": Words("question", "提问"), "assistant": Words("reply", "回复"), "system": Words("system", "系统")}


def print_findings(console: Console, found: Findings) -> None:
    """File, columns, conversations, personal data, samples (masked), and the recipe block to paste."""
    console.print(Panel(_head(found), title=Text(found.path), title_align="left"))
    if any(column.name for column in found.columns) and found.reader in ("csv", "xlsx"):
        console.print(_columns(found))
    if found.problem is not None:
        console.print(Text(str(found.problem), style="red"))
        return
    console.print(_numbers(found))
    for number, talk in enumerate(found.samples, start=1):
        console.print(_sample(number, talk))
    console.print(str(Words("Paste this into a recipe, or run hornbook init:", "粘贴到配方里，或运行 hornbook init：")))
    console.print(
        yaml.safe_dump(recipe_of([found]), allow_unicode=True, sort_keys=False), markup=False, highlight=False
    )


def _head(found: Findings) -> str:
    size = found.bytes / 1024
    reading = found.spec.format.name if found.spec.format else "?"
    return str(
        Words(
            f"{size:,.0f} KB · read as {found.reader}, conversations as {reading}\n"
            f"encoding {found.encoding}: {found.evidence}",
            f"{size:,.0f} KB · 按 {found.reader} 读取，对话格式 {reading}\n编码 {found.encoding}：{found.evidence}",
        )
    )


def _columns(found: Findings) -> Table:
    table = Table(title=str(Words("columns", "列")), title_justify="left")
    for head in (Words("column", "列名"), Words("seems to be", "看起来是")):
        table.add_column(str(head), overflow="fold")
    for head in (Words("filled", "非空"), Words("different values", "不同取值")):
        table.add_column(str(head), justify="right")
    for column in found.columns[:COLUMNS]:
        table.add_row(column.name, column.role or "·", f"{column.filled:.0%}", str(column.distinct))
    return table


def _numbers(found: Findings) -> Table:
    table = Table(show_header=False, title=str(Words("what is in it", "里面有什么")), title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    lengths = found.lengths or {}
    rows: list[tuple[Words, str]] = [
        (Words("rows", "行"), f"{found.rows}{_told(found.bad, Words('unreadable', '读不出'))}"),
        (
            Words("conversations", "对话"),
            f"{found.conversations}{_told(found.without, Words('without one', '无对话'))}",
        ),
        (Words("languages", "语言"), _counted(found.languages)),
        (Words("question length", "提问字数"), _length(lengths.get("user"))),
        (Words("reply length", "回复字数"), _length(lengths.get("assistant"))),
        (Words("exact repeats", "完全重复"), f"{found.repeats} ({found.repeats / max(found.conversations, 1):.1%})"),
        (Words("personal data", "个人信息"), _personal(found.personal)),
    ]
    for name, value in rows:
        table.add_row(str(name), value)
    return table


def _told(reasons: dict[str, int] | None, words: Words) -> str:
    return f", {words}: {_counted(reasons)}" if reasons else ""


def _counted(counts: dict[str, int] | None) -> str:
    return ", ".join(f"{name} {number}" for name, number in (counts or {}).items()) or "–"


def _length(length: tuple[int, int, int] | None) -> str:
    middle, high, top = length or (0, 0, 0)
    return str(
        Words(f"median {middle}, 95 % up to {high}, longest {top}", f"中位 {middle}，95% 不超过 {high}，最长 {top}")
    )


def _personal(counts: dict[str, int] | None) -> str:
    named = {KINDS.load(kind).label_zh: n for kind, n in (counts or {}).items()}
    return str(Words(_counted(counts), _counted(named)))


def _sample(number: int, talk: Any) -> Panel:
    text = Text()
    for message in talk[:6]:
        said = message["content"].replace("\n", " ⏎ ")
        clipped = said if len(said) <= CLIPPED else f"{said[:CLIPPED]}…"
        text.append(f"{SIDES[message['role']]}  ", style="bold")
        text.append(f"{clipped}\n")
    text.rstrip()
    return Panel(text, title=str(Words(f"sample {number}, masked", f"样例 {number}（已脱敏）")), title_align="left")
