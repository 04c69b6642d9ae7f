"""What `hornbook inspect` prints of a file: for a person who has an export and a question."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from curate.inspect.boilerplate import FrequentLine
from curate.inspect.first_recipe import to_yaml
from curate.inspect.inspect import Contents, Findings, input_block
from curate.report.reasons import reason_text
from rules.personal import KINDS
from schemas.bilingual import Bilingual
from schemas.manifest import unread_note

COLUMNS = 15
"""Columns shown of a wide table."""
CLIPPED = 160
"""Characters shown of a message."""
LINES = 8
"""Frequent lines shown."""
TURNS = 6
"""Messages shown of a conversation."""
BAR = 24
"""Width of the longest bar, in characters."""
SPEAKERS = {
    "user": Bilingual("customer", "客户"),
    "assistant": Bilingual("agent", "客服"),
    "system": Bilingual("system", "系统"),
}
DELIMITERS = {
    ",": Bilingual("commas", "逗号"),
    "\t": Bilingual("tabs", "制表符"),
    ";": Bilingual("semicolons", "分号"),
    "|": Bilingual("bars", "竖线"),
}
COLUMN_ROLES = {
    "session": Bilingual("session", "会话"),
    "user": Bilingual("customer id", "客户编号"),
    "role": Bilingual("who speaks", "谁在说"),
    "text": Bilingual("what is said", "说了什么"),
    "time": Bilingual("when", "时间"),
    "state": Bilingual("withdrawn or not", "是否撤回"),
    "question": Bilingual("question", "问题"),
    "answer": Bilingual("answer", "回答"),
}
LANGUAGES = {
    "zh": Bilingual("Chinese", "中文"),
    "en": Bilingual("English", "英文"),
    "ja": Bilingual("Japanese", "日文"),
    "ko": Bilingual("Korean", "韩文"),
    "other": Bilingual("other", "其他"),
    "none": Bilingual("no letters", "无文字"),
}


def print_findings(console: Console, findings: Findings) -> None:
    """Print file, columns, conversations, personal data, samples (masked), and the recipe block to paste.

    What is wrong with the file is not printed: it goes where errors go.
    """
    if not findings.reader:
        return
    console.print(Panel(_head(findings), title=Text(findings.path), title_align="left", border_style="cyan"))
    if findings.columns and findings.reader in ("csv", "xlsx", "html", "xml", "spreadsheet_xml"):
        console.print(_columns(findings))
    if findings.contents is None:
        return

    console.print(_numbers(findings.contents))
    if findings.contents.personal:
        console.print(_personal(findings.contents.personal))
    if findings.contents.boilerplate:
        console.print(_boilerplate(findings.contents.boilerplate))
    for number, talk in enumerate(findings.contents.samples, start=1):
        console.print(_sample(number, talk))

    if not findings.contents.conversations:
        console.print(Text(str(Bilingual("not one conversation comes out of it", "没有得到一段对话")), style="red"))
        return
    console.print(Text(str(Bilingual("For a recipe:", "写进配方："))))
    block = Syntax("", "yaml", background_color="default").highlight(to_yaml({"inputs": [input_block(findings)]}))
    console.print(block, soft_wrap=True)  # to be pasted: never cut, never broken


def _head(findings: Findings) -> RenderableType:
    """Write what kind of file it is, and on what evidence."""
    size = findings.bytes / 1024
    written_size = f"{size:,.0f} KB" if size < 10_000 else f"{size / 1024:,.0f} MB"
    delimiter = DELIMITERS.get(findings.delimiter)
    cells = (
        Bilingual(f", cells between {delimiter.en}", f"，单元格以{delimiter.zh}分隔")
        if delimiter
        else Bilingual("", "")
    )
    shape = findings.spec.format.name if findings.spec.format else "?"

    lines = [
        Bilingual(
            f"{written_size} · a {findings.reader} file{cells.en} · conversations as {shape}",
            f"{written_size} · {findings.reader} 文件{cells.zh} · 对话格式 {shape}",
        )
    ]
    if findings.encoding != "binary":
        why = findings.evidence
        lines.append(Bilingual(f"encoding {findings.encoding}: {why.en}", f"编码 {findings.encoding}：{why.zh}"))
    if findings.spec.reader is not None and findings.spec.reader.name == "csv":
        lines.append(Bilingual("no header: the columns are named here", "没有表头：列名是这里取的"))
    if findings.contents is not None and findings.contents.speakers.en:
        who = findings.contents.speakers
        lines.append(Bilingual(f"speakers: {who.en}", f"说话人：{who.zh}"))
    if findings.order.en:
        lines.append(Bilingual(f"order: {findings.order.en}", f"顺序：{findings.order.zh}"))
    if findings.contents is not None:
        lines += [note for note in (*findings.contents.notes, unread_note(findings.contents.unread)) if note.en]
    return Text("\n".join(map(str, lines)))


def _columns(findings: Findings) -> Table:
    """List the first columns: what each seems to be, and how full and how varied it is."""
    table = Table(title=str(Bilingual("columns", "列")), title_justify="left")
    for head in (Bilingual("column", "列名"), Bilingual("seems to be", "看起来是")):
        table.add_column(str(head), overflow="fold")
    for head in (Bilingual("filled", "非空"), Bilingual("different values", "不同取值")):
        table.add_column(str(head), justify="right")
    for column in findings.columns[:COLUMNS]:
        role = str(COLUMN_ROLES[column.role]) if column.role else "·"
        table.add_row(Text(column.name), Text(role), f"{column.filled:.0%}", f"{column.distinct:,}")
    if len(findings.columns) > COLUMNS:
        table.add_row(f"… {len(findings.columns) - COLUMNS}", "", "", "")
    return table


def _numbers(contents: Contents) -> Table:
    """Count what the rows hold."""
    table = Table(show_header=False, title=str(Bilingual("what is in it", "里面有什么")), title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")

    first = Bilingual("the first ", "前 ")
    rows = f"{'' if contents.whole else first}{contents.rows:,}"
    share = contents.repeats / max(contents.conversations, 1)
    lines: list[tuple[Bilingual, str]] = [
        (Bilingual("rows", "行"), rows + _with_reasons(contents.bad, Bilingual("unreadable", "读不出"))),
        (
            Bilingual("conversations", "对话"),
            f"{contents.conversations:,}{_with_reasons(contents.without, Bilingual('rows in none', '不在对话里的行'))}",
        ),
        (Bilingual("languages", "语言"), _languages(contents.languages)),
        (Bilingual("question length", "提问字数"), _length(contents.lengths["user"])),
        (Bilingual("reply length", "回复字数"), _length(contents.lengths["assistant"])),
        (Bilingual("exact repeats", "完全重复"), f"{contents.repeats:,} ({share:.1%})"),
        (Bilingual("personal data", "个人信息"), f"{sum(contents.personal.values()):,}"),
    ]
    for name, value in lines:
        table.add_row(str(name), Text(value))
    return table


def _with_reasons(reasons: Mapping[str, int], heading: Bilingual) -> str:
    """Write how many rows there are in all, and how many of them for which reason; empty for none."""
    counts = ", ".join(f"{reason_text(name)} {n:,}" for name, n in reasons.items())
    return f"; {heading}: {sum(reasons.values()):,} ({counts})" if reasons else ""


def _languages(counts: Mapping[str, int]) -> str:
    """Write the share of each language."""
    total = max(sum(counts.values()), 1)
    return ", ".join(f"{LANGUAGES[name]} {number / total:.1%}" for name, number in counts.items()) or "–"


def _length(length: tuple[int, int, int]) -> str:
    """Write the median, the 95th percentile and the maximum."""
    median, high, longest = length
    return str(
        Bilingual(
            f"median {median:,}, 95 % up to {high:,}, longest {longest:,}",
            f"中位 {median:,}，95% 不超过 {high:,}，最长 {longest:,}",
        )
    )


def _personal(counts: Mapping[str, int]) -> Table:
    """Draw a bar for each kind, with the mask that it becomes."""
    title = Bilingual("personal data, masked before anything is written", "个人信息：写出前全部脱敏")
    table = Table(show_header=False, box=None, title=str(title), title_justify="left", padding=(0, 1))
    longest = max(counts.values())
    for name, number in counts.items():
        kind = KINDS.load(name)
        label = Bilingual(f"[{kind.label_en}1]", f"[{kind.label_zh}1]")
        bar = "█" * max(1, round(BAR * number / longest))
        table.add_row(Text(str(Bilingual(name.replace("_", " "), kind.label_zh))), Text(bar, style="magenta"),
                      f"{number:,}", Text(str(label), style="dim"))  # fmt: skip
    return table


def _boilerplate(lines: Sequence[FrequentLine]) -> Table:
    """List the lines that many conversations share at their ends."""
    title = Bilingual(
        "lines that open or close many conversations; removed only if the recipe lists them",
        "许多对话开头或结尾的同一句话：配方列出才会删除",
    )
    table = Table(show_header=False, box=None, title=str(title), title_justify="left", padding=(0, 1))
    for line in lines[:LINES]:
        table.add_row(f"{line.share:.0%}", Text(line.line))
    if len(lines) > LINES:
        table.add_row("…", str(Bilingual(f"{len(lines) - LINES} more", f"还有 {len(lines) - LINES} 句")))
    return table


def _sample(number: int, talk: Any) -> Panel:
    """Show the first messages of a conversation."""
    lines = [_message(message) for message in talk[:TURNS]]
    if len(talk) > TURNS:
        more = len(talk) - TURNS
        lines.append(Text(str(Bilingual(f"… {more} more messages", f"……还有 {more} 条")), style="dim"))
    title = Bilingual(f"sample {number}, cleaned and masked", f"样例 {number}（已清洗、脱敏）")
    return Panel(Group(*lines), title=str(title), title_align="left", border_style="dim")


def _message(message: Mapping[str, str]) -> RenderableType:
    """Show one message on one line, clipped."""
    text = message["content"].replace("\n", " ⏎ ")
    clipped = text if len(text) <= CLIPPED else f"{text[:CLIPPED]}…"
    line = Table.grid(padding=(0, 1))
    line.add_column(no_wrap=True, style="green" if message["role"] == "assistant" else "bold")
    line.add_column(overflow="fold")
    line.add_row(str(SPEAKERS[message["role"]]), Text(clipped))
    return line
