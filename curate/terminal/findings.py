"""What `hornbook inspect` prints of a file: for a person who has an export and a question."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from curate.inspect.boilerplate import FrequentLine
from curate.inspect.first_recipe import written
from curate.inspect.inspect import Contents, Findings, input_block
from curate.report.reasons import reason
from rules.personal import KINDS
from schemas.bilingual import Words

COLUMNS = 15
"""Columns shown of a wide table."""
CLIPPED = 160
"""Characters shown of a message."""
LINES = 8
"""Frequent lines shown."""
TURNS = 6
"""Messages shown of a conversation."""
BAR = 24
"""Characters of the longest bar."""
SIDES = {"user": Words("customer", "客户"), "assistant": Words("agent", "客服"), "system": Words("system", "系统")}
DELIMITERS = {
    ",": Words("commas", "逗号"),
    "\t": Words("tabs", "制表符"),
    ";": Words("semicolons", "分号"),
    "|": Words("bars", "竖线"),
}
ROLES = {
    "session": Words("session", "会话"),
    "user": Words("customer id", "客户编号"),
    "role": Words("who speaks", "谁在说"),
    "text": Words("what is said", "说了什么"),
    "time": Words("when", "时间"),
    "question": Words("question", "问题"),
    "answer": Words("answer", "回答"),
}
LANGUAGES = {
    "zh": Words("Chinese", "中文"),
    "en": Words("English", "英文"),
    "ja": Words("Japanese", "日文"),
    "ko": Words("Korean", "韩文"),
    "other": Words("other", "其他"),
    "none": Words("no letters", "无文字"),
}


def print_findings(console: Console, found: Findings) -> None:
    """File, columns, conversations, personal data, samples (masked), and the recipe block to paste.

    What is wrong with the file is not said here: it goes where errors go.
    """
    if not found.reader:
        return
    console.print(Panel(_head(found), title=Text(found.path), title_align="left", border_style="cyan"))
    if found.columns and found.reader in ("csv", "xlsx", "html", "xml"):
        console.print(_columns(found))
    if found.contents is None:
        return
    console.print(_numbers(found.contents))
    if found.contents.personal:
        console.print(_personal(found.contents.personal))
    if found.contents.boilerplate:
        console.print(_boilerplate(found.contents.boilerplate))
    for number, talk in enumerate(found.contents.samples, start=1):
        console.print(_sample(number, talk))
    if not found.contents.conversations:
        console.print(Text(str(Words("not one conversation comes out of it", "没有得到一段对话")), style="red"))
        return
    console.print(Text(str(Words("For a recipe:", "写进配方："))))
    block = Syntax("", "yaml", background_color="default").highlight(written({"inputs": [input_block(found)]}))
    console.print(block, soft_wrap=True)  # to be pasted: never cut, never broken


def _head(found: Findings) -> RenderableType:
    size = found.bytes / 1024
    told = f"{size:,.0f} KB" if size < 10_000 else f"{size / 1024:,.0f} MB"
    delimiter = DELIMITERS.get(found.delimiter)
    table = Words(f", cells between {delimiter.en}", f"，单元格以{delimiter.zh}分隔") if delimiter else Words("", "")
    shape = found.spec.format.name if found.spec.format else "?"
    lines = [
        Words(
            f"{told} · a {found.reader} file{table.en} · conversations as {shape}",
            f"{told} · {found.reader} 文件{table.zh} · 对话格式 {shape}",
        )
    ]
    if found.encoding != "binary":
        why = found.evidence
        lines.append(Words(f"encoding {found.encoding}: {why.en}", f"编码 {found.encoding}：{why.zh}"))
    if found.spec.reader is not None:
        lines.append(Words("no header: the columns are named here", "没有表头：列名是这里取的"))
    if found.contents is not None and found.contents.speakers.en:
        who = found.contents.speakers
        lines.append(Words(f"speakers: {who.en}", f"说话人：{who.zh}"))
    return Text("\n".join(map(str, lines)))


def _columns(found: Findings) -> Table:
    table = Table(title=str(Words("columns", "列")), title_justify="left")
    for head in (Words("column", "列名"), Words("seems to be", "看起来是")):
        table.add_column(str(head), overflow="fold")
    for head in (Words("filled", "非空"), Words("different values", "不同取值")):
        table.add_column(str(head), justify="right")
    for column in found.columns[:COLUMNS]:
        role = str(ROLES[column.role]) if column.role else "·"
        table.add_row(Text(column.name), Text(role), f"{column.filled:.0%}", f"{column.distinct:,}")
    if len(found.columns) > COLUMNS:
        table.add_row(f"… {len(found.columns) - COLUMNS}", "", "", "")
    return table


def _numbers(contents: Contents) -> Table:
    table = Table(show_header=False, title=str(Words("what is in it", "里面有什么")), title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    first = Words("the first ", "前 ")
    rows = f"{'' if contents.whole else first}{contents.rows:,}"
    share = contents.repeats / max(contents.conversations, 1)
    lines: list[tuple[Words, str]] = [
        (Words("rows", "行"), rows + _told(contents.bad, Words("unreadable", "读不出"))),
        (
            Words("conversations", "对话"),
            f"{contents.conversations:,}{_told(contents.without, Words('rows in none', '不在对话里的行'))}",
        ),
        (Words("languages", "语言"), _languages(contents.languages)),
        (Words("question length", "提问字数"), _length(contents.lengths["user"])),
        (Words("reply length", "回复字数"), _length(contents.lengths["assistant"])),
        (Words("exact repeats", "完全重复"), f"{contents.repeats:,} ({share:.1%})"),
        (Words("personal data", "个人信息"), f"{sum(contents.personal.values()):,}"),
    ]
    for name, value in lines:
        table.add_row(str(name), Text(value))
    return table


def _told(reasons: Mapping[str, int], words: Words) -> str:
    told = ", ".join(f"{reason(name)} {n:,}" for name, n in reasons.items())
    return f"; {words}: {sum(reasons.values()):,} ({told})" if reasons else ""


def _languages(counts: Mapping[str, int]) -> str:
    whole = max(sum(counts.values()), 1)
    return ", ".join(f"{LANGUAGES[name]} {number / whole:.1%}" for name, number in counts.items()) or "–"


def _length(length: tuple[int, int, int]) -> str:
    middle, high, top = length
    return str(
        Words(
            f"median {middle:,}, 95 % up to {high:,}, longest {top:,}",
            f"中位 {middle:,}，95% 不超过 {high:,}，最长 {top:,}",
        )
    )


def _personal(counts: Mapping[str, int]) -> Table:
    """A bar for each kind, and the mask that it becomes."""
    words = Words("personal data, masked before anything is written", "个人信息：写出前全部脱敏")
    table = Table(show_header=False, box=None, title=str(words), title_justify="left", padding=(0, 1))
    longest = max(counts.values())
    for name, number in counts.items():
        kind = KINDS.load(name)
        label = Words(f"[{kind.label_en}1]", f"[{kind.label_zh}1]")
        bar = "█" * max(1, round(BAR * number / longest))
        table.add_row(Text(str(Words(name.replace("_", " "), kind.label_zh))), Text(bar, style="magenta"),
                      f"{number:,}", Text(str(label), style="dim"))  # fmt: skip
    return table


def _boilerplate(lines: Sequence[FrequentLine]) -> Table:
    words = Words(
        "lines that open or close many conversations; removed only if the recipe lists them",
        "许多对话开头或结尾的同一句话：配方列出才会删除",
    )
    table = Table(show_header=False, box=None, title=str(words), title_justify="left", padding=(0, 1))
    for line in lines[:LINES]:
        table.add_row(f"{line.share:.0%}", Text(line.line))
    if len(lines) > LINES:
        table.add_row("…", str(Words(f"{len(lines) - LINES} more", f"还有 {len(lines) - LINES} 句")))
    return table


def _sample(number: int, talk: Any) -> Panel:
    lines = [_line(message) for message in talk[:TURNS]]
    if len(talk) > TURNS:
        more = len(talk) - TURNS
        lines.append(Text(str(Words(f"… {more} more messages", f"……还有 {more} 条")), style="dim"))
    title = Words(f"sample {number}, cleaned and masked", f"样例 {number}（已清洗、脱敏）")
    return Panel(Group(*lines), title=str(title), title_align="left", border_style="dim")


def _line(message: Mapping[str, str]) -> RenderableType:
    said = message["content"].replace("\n", " ⏎ ")
    clipped = said if len(said) <= CLIPPED else f"{said[:CLIPPED]}…"
    line = Table.grid(padding=(0, 1))
    line.add_column(no_wrap=True, style="green" if message["role"] == "assistant" else "bold")
    line.add_column(overflow="fold")
    line.add_row(str(SIDES[message["role"]]), Text(clipped))
    return line
