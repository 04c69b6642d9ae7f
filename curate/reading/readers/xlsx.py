"""Excel: strings stay strings, dates become ISO text, formulas give their cached values."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from curate.reading.decoding.archives import UNREADABLE
from curate.reading.readers import RawRow, Reader, check_width, column_names, is_blank, listed
from schemas.errors import InputError

UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to: a workbook is a zip, and a zip may be a bomb."""
CELLS = 20_000_000
"""Cells that the table of a sheet may span: one value in the last corner makes 17 billion."""
WHOLE = 1e21
"""Numbers below are written with all their digits, so that a card number still looks like one."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
LONGEST = 16 << 20
"""Bytes between two marks of a sheet."""
ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
BARE = re.compile(rb"<(?:\w+:)?c(?=[\s>/])(?![^>]*\sr=)")
"""A cell that does not say where it stands: behind the one before it."""
CELLS_BEGIN = (b"<c>", b"<c ", b":c>", b":c ")
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(/?)>')


class Xlsx(Reader):
    """The first sheet, or the one named. The first row in which anything is written holds the column names. Rows
    without any value are no rows, and rows are counted as the sheet does.

    A cell merged over several rows has its value in each of them.
    """

    title_zh: ClassVar[str] = "第一个工作表，或指定的工作表；首个有内容的行是列名。没有任何值的行不算，行号与工作表一致"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xls")
    takes: ClassVar[Any] = "bytes"

    sheet: str | None = None

    def rows(self, content: Any) -> Iterator[RawRow]:
        table, merged = _table(content, self.sheet)
        header = next((number for number, cells in enumerate(table) if not is_blank(map(_text, cells))), None)
        if header is None:
            raise InputError("the sheet is empty", "工作表是空的")
        columns = _columns(table[header])
        filled = [n for n, cells in enumerate(table) if n > header and any(_text(cell) for cell in cells)]
        for (top, left), (bottom, _) in merged:
            for row in table[top + 1 : bottom + 1] if top > header else []:
                row[left] = table[top][left]
        for number in filled:
            yield RawRow(number + 1, dict(zip(columns, map(_text, table[number]), strict=True)))


def _table(content: bytes, name: str | None) -> tuple[list[list[Any]], list[Any]]:
    """Read the cells of the sheet from its first row and column on, and the ranges that are merged."""
    try:
        if content.startswith(b"PK"):
            _check_size(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = _sheet(book, name)
        return sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
    except (CalamineError, *UNREADABLE):
        raise InputError(
            "not a readable Excel workbook: cut off, locked with a password, or of another kind",
            "不是可读的 Excel 工作簿：文件不完整、有密码或类型不对",
        ) from None


def _sheet(book: CalamineWorkbook, name: str | None) -> CalamineSheet:
    if name is None:
        return book.get_sheet_by_index(0)
    if name not in book.sheet_names:
        raise InputError(
            f"there is no sheet '{name}'; the workbook has {', '.join(book.sheet_names)}",
            f"没有工作表“{name}”；现有：{'、'.join(book.sheet_names)}",
        )
    return book.get_sheet_by_name(name)


def _check_size(content: bytes) -> None:
    """Raise InputError for what would fill the memory: a bomb, or a value far out in an empty sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > UNPACKED:
            raise InputError(
                f"the workbook unpacks to {size} bytes, which no table does; it was not read",
                f"工作簿解压后有 {size} 字节，不像表格，未读取",
            )
        for member in archive.infolist():
            if SHEET.fullmatch(member.filename):
                _check_span(archive, member)


def _check_span(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Raise InputError for a sheet whose table would span more than CELLS, or which has no end to a mark."""
    # Cells say where they stand, or else follow the one before: the width is the last column that a cell names, or the
    # number of cells of a row that do not. The rest of a row goes on in the next chunk.
    height = width = rows = bare = 0
    rest = b""
    with archive.open(member) as stream:
        while chunk := stream.read(1 << 20):
            text = rest + chunk
            whole, rest = text[: text.rfind(b"<")], text[max(0, text.rfind(b"<")) :]
            cells = CELL.findall(whole)
            height = max([height, *(int(row) for _, row, empty in cells if not empty)])
            width = max([width, *map(_column_number, {letters for letters, _, empty in cells if not empty})])
            by_row = [sum(map(row.count, CELLS_BEGIN)) for row in ROW.split(whole)] if BARE.search(whole) else [0]
            width = max(width, bare + by_row[0], *by_row[1:])
            rows += len(by_row) - 1
            bare = by_row[-1] + (bare if len(by_row) == 1 else 0)
            if len(rest) > LONGEST or max(height, rows) * width > CELLS:
                break

    height = max(height, rows)
    if len(rest) > LONGEST or height * width > CELLS:
        raise InputError(
            f"a sheet spans {height} rows and {width} columns, which no table does; delete the cells far out",
            f"工作表跨越 {height} 行 {width} 列，不像表格；请删除远处的单元格",
        )


def _column_number(letters: bytes) -> int:
    """Count a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _columns(header: list[Any]) -> list[str]:
    check_width(len(header))
    columns = column_names(map(_text, header))
    counts = Counter(columns)
    twice = [number for number, name in enumerate(columns, start=1) if counts[name] > 1]
    if twice:  # not quoted: without a header they are the content of the first row
        raise InputError(
            f"columns {listed(twice)} have the same name, or the first row is no header; give each a name of its own",
            f"第 {listed(twice)} 列同名，或首行不是表头；请为每列取不同的名字",
        )
    return columns


def _text(cell: Any) -> str:
    """Write the cell as text: 13800138000.0 is 13800138000, a date is 2026-11-24, thirty hours are 30:00:00."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0") if abs(cell) < WHOLE else str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)
