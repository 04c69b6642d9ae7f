"""What stands around a table: lines above its header, totals below it, and the names in the header."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from curate.reading.readers import OnNote, RawRow, column_names, is_blank, is_empty
from schemas.bilingual import Bilingual

FIRST = 60
"""Rows looked at to find the header."""
ABOVE = 12
"""Rows in which anything is written that may stand above a header."""
LONG = 40
"""Characters that the name of a column does not have."""
LAST = 6
"""Rows at the end of a table among which totals are looked for."""
BLOCK = 1_000
SPEECH = re.compile(r"[。！？!?，]|\. ")
"""What sentences have and names of columns have not."""
TOTALS = re.compile(
    r"[\W_]*(?:合计|总计|小计|共计|累计|总数|汇总|本页|合計|總計|小計"
    r"|grand total|sub-?total|totals?\b|sum\b|average\b|count\b)",
    re.IGNORECASE,
)
FOOTERS = re.compile(
    r"[\W_]*(?:(?:导出|制表|打印|生成|统计|下载|数据|报表|匯出|製表)[\w 　]{0,6}[:：]"
    r"|(?:备注|注|说明|附注|備註)\s*[:：]"
    r"|(?:exported|generated|printed|created|downloaded) (?:by|on|at|from)\b|end of (?:report|file|export|table)\b"
    r"|共\s*[0-9,]+\s*[条行笔个则]|[0-9,]+ (?:rows?|records?|messages?)\b)",
    re.IGNORECASE,
)
"""What stands in front of the last lines of an export."""
COUNTED = re.compile(
    r"[0-9,]+ (?:rows?|records?|messages?)\b|共\s*[0-9,]+\s*[条行笔个则]|[0-9,]+ [条行笔个则]", re.IGNORECASE
)
"""How a line begins that counts what stands above it."""
NUMBER = re.compile(r"[\d\s.,:%/+-]*")
HAN = re.compile(r"[\u3400-\u9fff]")
DIGIT = re.compile(r"[0-9]")
HALF = 0.5
SHORT = 120
"""Characters of a line of totals."""


def header_index(rows: Sequence[Sequence[str]]) -> int | None:
    """Find the row of names among the first rows of a table: the first in which anything is written, unless it leaves
    columns without a name that a row below it names. None where nothing is written.
    """
    written = [number for number, cells in enumerate(rows) if not is_blank(cells)]
    if not written:
        return None
    widest = 0
    for position, number in enumerate(written[: ABOVE + 1]):
        names, below = rows[number], [rows[other] for other in written[position + 1 :]]
        count = _count(names)
        if below and _names_all(names, below) and (not position or (count > widest and _are_names(names, below))):
            return number
        widest = max(widest, count)
    return written[0]


def is_header_row(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row surely names the columns of the rows below it: at least two, all of them, and no values."""
    return bool(below) and _names_all(names, below[:FIRST]) and _are_names(names, below[:FIRST])


def _count(cells: Sequence[str]) -> int:
    """Count the cells in which anything is written; one text in all of them is a title over several columns."""
    written = [cell.strip() for cell in cells if not is_blank((cell,))]
    return len(written) if len(set(written)) > 1 else len(set(written))


def _names_all(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether at least two columns have a name, and each that is filled below, but for a first one of numbers."""
    filled = Counter(column for cells in below for column, cell in enumerate(cells) if not is_blank((cell,)))
    named = {column for column, name in enumerate(names) if not is_blank((name,))}
    return _count(names) > 1 and all(
        column in named or column == 0 for column, count in filled.items() if 2 * count > len(below)
    )


def _are_names(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether the cells of a row look like names: different, short, no numbers, no speech and no values."""
    stripped = [name.strip() for name in names if not is_blank((name,))]
    if 2 * len(set(stripped)) <= len(stripped) + 1 or any(_is_no_name(name) for name in stripped):
        return False
    header = [*map(bare, names)]
    values = [[*map(bare, _padded(cells, len(names)))] for cells in below]
    columns = list(zip(*(cells for cells in values if cells != header), strict=True))
    filled = sum(2 * sum(not is_blank((cell,)) for cell in column) > len(below) for column in columns)
    return filled > 1 and not any(
        name.strip() in column for name, column in zip(names, columns, strict=True) if name.strip()
    )


def is_second_header(names: Sequence[str], row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether the row below a header names the same columns once more, in another script: as many short texts, one
    of them in a column in which all others have digits, and none a value.
    """
    cells = _padded(row, len(names))
    if [is_blank((cell,)) for cell in cells] != [is_blank((name,)) for name in names]:
        return False
    if bool(HAN.search("".join(names))) == bool(HAN.search("".join(cells))) or not _are_names(cells, below):
        return False
    columns = zip(cells, zip(*(_padded(other, len(names)) for other in below), strict=True), strict=True)
    return any(
        not DIGIT.search(cell) and sum(bool(DIGIT.search(other)) for other in column) > HALF * len(below)
        for cell, column in columns
        if not is_blank((cell,))
    )


def bare(cell: str) -> str:
    """Take space and marks of byte order off a cell: where files were put together, one stands in the middle."""
    return cell.strip().strip("\ufeff").strip()


def _is_no_name(name: str) -> bool:
    return len(name) > LONG or sum(map(str.isdigit, name)) * 2 > len(name) or SPEECH.search(name) is not None


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def table_names(header: Sequence[str], note: OnNote) -> tuple[list[str], list[int]]:
    """Read the names of a header, and the numbers of the columns that share one with another.

    Where other columns show that it is a header, a name that comes again gets a number behind it, and it is noted.
    """
    names = column_names(header)
    counts = Counter(names)
    twice = [number for number, name in enumerate(names, start=1) if counts[name] > 1]
    once = [name for name, cell in zip(names, header, strict=True) if counts[name] == 1 and not is_blank((cell,))]
    if not twice or len(once) < 2 or any(map(NUMBER.fullmatch, filter(str.strip, header))):
        return names, twice

    numbered: list[str] = []
    for name in names:
        number, unique = 2, name
        while unique in numbered or (unique != name and unique in counts):
            number, unique = number + 1, f"{name}_{number}"
        numbered.append(unique)
    note(
        Bilingual(
            f"columns {twice} share names: the later ones have a number behind it",
            f"第 {twice} 列有同名：后出现的列名后加了序号",
        )
    )
    return numbered, []


def note_header(line: int, above: int, note: OnNote) -> None:
    """Note that a header does not stand first: its line or row, and how many lines above it have anything in them."""
    if above:
        lines = "1 line" if above == 1 else f"{above} lines"
        note(
            Bilingual(
                f"header in row {line}; {lines} above it not read (`header: {line}` in `reader` sets it by hand)",
                f"表头在第 {line} 行；其上 {above} 行未作为数据读取（可在 reader 中用 `header: {line}` 指定）",
            )
        )


def without_totals(rows: Iterator[RawRow], note: OnNote) -> Iterator[RawRow]:
    """Yield the rows of a table; totals and remarks below it have no fields, but a fault that says so."""
    held: list[RawRow] = []
    while block := list(islice(rows, BLOCK)):
        if len(block) == BLOCK:
            yield from held
            held = []
        held += block

    # Only what stands at the very end: a customer may ask for a total in the middle of a log.
    below = 0
    for back, row in enumerate(reversed(held[1:][-LAST:]), start=1):
        if _is_below(row, held[0]):
            below = back
        elif row.fields is None or not is_empty(row.fields):
            break
    yield from held[: len(held) - below]
    if below:
        last = "the last row is" if below == 1 else f"the last {below} rows are"
        note(
            Bilingual(
                f"{last} totals or remarks below the table, no messages", f"最后 {below} 行是表下的合计或说明，不是消息"
            )
        )
        for row in held[-below:]:
            yield row._replace(fields=None, fault="below_table")


def _is_below(row: RawRow, first: RawRow) -> bool:
    """Tell whether a row is one of totals or remarks: by what it begins with, and by how little else stands in it."""
    if row.fields is None:
        if row.fault != "wrong_cell_count" or len(row.raw) > SHORT:
            return False
        cells = [cell for cell in re.split(r"[\t,;|]", row.raw.strip()) if not is_blank((cell,))]
        width = len(first.fields or ()) or len(cells) + 1
    else:
        cells = [str(value) for value in row.fields.values() if value and not is_blank((str(value),))]
        width = len(row.fields)
    if not cells or sum(map(len, cells)) > SHORT:
        return False
    start, rest = cells[0].strip(), cells[1:]
    if len(cells) == 2 and COUNTED.match(" ".join(map(str.strip, cells))):
        return len(cells) < width
    if TOTALS.match(start):
        return all(NUMBER.fullmatch(cell) for cell in rest) or (len(cells) < width and len(rest) < 2)
    return bool(FOOTERS.match(start)) and len(cells) < width and len(rest) < 2
