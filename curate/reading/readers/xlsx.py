"""Excel and OpenDocument: strings stay strings, dates become ISO text, formulas give their cached values."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from curate.reading.decoding.archives import UNREADABLE
from curate.reading.readers import (
    OnNote,
    RawRow,
    Reader,
    check_width,
    column_names,
    is_blank,
    listed,
    unheard,
)
from curate.reading.readers._sheet_xml import NOTHING_SHOWN, Shown, column_number, shown_cells
from curate.reading.readers._table import FIRST, header_index, is_header_row, is_second_header, note_header, table_names
from schemas.bilingual import Bilingual
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
WIDE = 3
"""Columns that a table of messages has, and a cover has not."""
ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
BARE = re.compile(rb"<(?:\w+:)?c(?=[\s>/])(?![^>]*\sr=)")
"""A cell that does not say where it stands: behind the one before it."""
CELLS_BEGIN = (b"<c>", b"<c ", b":c>", b":c ")
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(/?)>')


class Xlsx(Reader):
    """The sheet named, or the first visible one that holds a table; further sheets are told. The header is the first
    row in which anything is written, unless only a row below it names all columns. Rows without any value are no rows,
    and rows are counted as the sheet does.

    A cell merged over several rows has its value in each of them. Numbers are written as the sheet shows them: 15%,
    000371. Error values are empty.
    """

    title_zh: ClassVar[str] = (
        "指定的工作表，或第一个含表格的可见工作表；其余工作表会提示。表头是首个有内容的行，上方的标题不算。没有任何值的行不算，"
        "行号与工作表一致；数字按单元格格式写出"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xls", ".ods")
    takes: ClassVar[Any] = "bytes"

    sheet: str | None = None
    header: int | None = None
    """The row on which the names stand; found out when not said."""

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        sheet = _table(content, self.sheet, note)
        table = [list(map(_text, cells)) for cells in sheet.cells]
        first = [number for number, cells in enumerate(table) if not is_blank(cells)]
        if not first:
            raise InputError("the sheet is empty", "工作表是空的")
        header = self._header(table, first, note)
        columns = _columns(table[header], note)

        # What the cells show, and what stands in merged ones; neither makes a row of an empty one.
        filled = [number for number, cells in enumerate(table) if number > header and any(cells)]
        for (row, column), text in sheet.shown.numbers.items():
            if row > header and row < len(table) and column < len(table[row]):
                table[row][column] = text
        for (top, left), (bottom, _) in sheet.merged:
            for cells in table[top + 1 : bottom + 1] if top > header else []:
                cells[left] = table[top][left]
        uncomputed = _note_cells(sheet.shown, header, note)
        again = next(iter(filled), None)
        below = [table[number] for number in filled[1:FIRST]]
        if again is not None and not (below and is_second_header(table[header], table[again], below)):
            again = None
        for number in sorted({*filled, *(row for row in uncomputed if row < len(table))}):
            fault = "formula_without_value" if number in uncomputed else None
            if number == again:
                yield RawRow(number + 1, None, "header_again", "\t".join(table[number]))
                continue
            yield RawRow(number + 1, dict(zip(columns, table[number], strict=True)), fault)

    def top(self, content: bytes, limit: int) -> list[tuple[int, list[str]]]:
        """Read the cells of the first rows in which anything is written, those above the header too, each with its
        number.
        """
        table = ([*map(_text, cells)] for cells in _table(content, self.sheet, unheard).cells)
        written = ((number, cells) for number, cells in enumerate(table, start=1) if not is_blank(cells))
        return list(islice(written, limit))

    def _header(self, table: list[list[str]], written: list[int], note: OnNote) -> int:
        """Find the row of the header, counted from 0."""
        if self.header is not None:
            if self.header - 1 not in written:
                raise InputError(
                    f"nothing is written in row {self.header}, where `header` says that the names stand",
                    f"header 指定的第 {self.header} 行没有内容",
                )
            return self.header - 1
        header = written[header_index([table[number] for number in written[:FIRST]]) or 0]
        note_header(header + 1, written.index(header), note)
        return header


class _Sheet(NamedTuple):
    """The cells of a sheet from its first row and column on, the ranges that are merged, and what its cells show."""

    cells: list[list[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    shown: Shown


def _table(content: bytes, name: str | None, note: OnNote) -> _Sheet:
    """Read the sheet of that name, or the first visible one with a table, and note the others that hold anything."""
    try:
        if content.startswith(b"PK"):
            _check_size(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = _sheet(book, name, note)
        shown = shown_cells(content, sheet.name) if content.startswith(b"PK") else NOTHING_SHOWN
        return _Sheet(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [], shown)
    except (CalamineError, *UNREADABLE):
        raise _unreadable() from None


def _sheet(book: CalamineWorkbook, name: str | None, note: OnNote) -> CalamineSheet:
    if name is not None:
        if name not in book.sheet_names:
            raise InputError(
                f"there is no sheet '{name}'; the workbook has {', '.join(book.sheet_names)}",
                f"没有工作表“{name}”；现有：{'、'.join(book.sheet_names)}",
            )
        return book.get_sheet_by_name(name)

    hidden = {about.name for about in book.sheets_metadata if about.visible != SheetVisibleEnum.Visible}
    sheets = {name: sheet for name in book.sheet_names if (sheet := _loaded(book, name)) is not None}
    if len(sheets) < 2:
        return next(iter(sheets.values()), None) or book.get_sheet_by_index(0)
    order = sorted(sheets, key=lambda name: name in hidden)
    visible = {name: _headed(sheets[name]) for name in order if name not in hidden}
    chosen = _first_table(visible) or order[0]
    for other, sheet in sheets.items():
        if other != chosen and sheet.height:
            _note_sheet(other, sheet.height, note, hidden=other in hidden)
    return sheets[chosen]


def _loaded(book: CalamineWorkbook, name: str) -> CalamineSheet | None:
    """Load a sheet of cells; None for one of charts or macros."""
    try:
        return book.get_sheet_by_name(name)
    except CalamineError:
        return None


def _note_sheet(name: str, rows: int, note: OnNote, *, hidden: bool) -> None:
    kind, kind_zh = ("hidden sheet", "隐藏的工作表") if hidden else ("sheet", "工作表")
    note(
        Bilingual(
            f"{kind} {name} ({rows} rows) was not read; to read it, add the input FILE#{name}",
            f"{kind_zh}“{name}”（{rows} 行）未读取；要读取，请加一个输入：文件名#{name}",
        )
    )


class _Headed(NamedTuple):
    """The columns of a sheet that is a table, and how many rows stand below them; none of a cover."""

    columns: tuple[str, ...]
    rows: int


def _headed(sheet: CalamineSheet) -> _Headed:
    """Find the header of a sheet: names that are short, different and no values, of all columns that are filled."""
    written = [
        cells for row in (sheet.iter_rows() if sheet.height else ()) if not is_blank(cells := [*map(_text, row)])
    ]
    index = header_index(written[:FIRST])
    if index is None or not is_header_row(written[index], written[index + 1 :]):
        return _Headed((), 0)
    return _Headed(tuple(column_names(written[index])), len(written) - index - 1)


def _first_table(sheets: Mapping[str, _Headed]) -> str | None:
    """Choose the first sheet with a table: of at least three columns, or the longest, since a cover of labels and
    values looks like one of two. None where no sheet is a table.
    """
    wide = next((name for name, headed in sheets.items() if len(headed.columns) >= WIDE), None)
    longest = max(sheets, key=lambda name: sheets[name].rows, default=None)
    return wide or (longest if longest is not None and sheets[longest].rows else None)


def check_workbook(content: bytes) -> None:
    """Raise InputError for what cannot be opened as a workbook, or would fill the memory."""
    try:
        if content.startswith(b"PK"):
            _check_size(content)
        CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, *UNREADABLE):
        raise _unreadable() from None


def _unreadable() -> InputError:
    return InputError(
        "not a readable Excel workbook: cut off, locked with a password, or of another kind",
        "不是可读的 Excel 工作簿：文件不完整、有密码或类型不对",
    )


def visible_sheets(content: bytes) -> list[str]:
    """List the names of the sheets of a workbook that are not hidden; none where it cannot be read."""
    try:
        if content.startswith(b"PK"):
            _check_size(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, *UNREADABLE):
        return []
    return [about.name for about in book.sheets_metadata if about.visible == SheetVisibleEnum.Visible]


def table_sheets(content: bytes) -> list[list[str]]:
    """List the visible sheets of a workbook that hold a table, those with the same columns together, the one that is
    read by itself and its like first; nothing where it cannot be read.
    """
    try:
        if content.startswith(b"PK"):
            _check_size(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, *UNREADABLE):
        return []
    hidden = {about.name for about in book.sheets_metadata if about.visible != SheetVisibleEnum.Visible}
    visible = {name: sheet for name in book.sheet_names if name not in hidden and (sheet := _loaded(book, name))}
    headed = {name: table for name, sheet in visible.items() if (table := _headed(sheet)).rows}
    first = _first_table(headed)
    alike: dict[tuple[str, ...], list[str]] = {headed[first].columns: []} if first else {}
    for name, table in headed.items():
        alike.setdefault(table.columns, []).append(name)
    return list(alike.values())


def _note_cells(shown: Shown, header: int, note: OnNote) -> set[int]:
    """Note the formulas and errors below the header; give the rows in which a formula has no value."""
    uncomputed = {position for position in shown.uncomputed if position[0] > header}
    errors = sum(row > header for row, _ in shown.errors)
    if uncomputed:
        n = len(uncomputed)
        note(
            Bilingual(
                f"{n} formulas have no stored value and are read as empty: open the workbook in Excel and save it",
                f"{n} 个公式没有保存结果，按空单元格读取：请用 Excel 打开并重新保存",
            )
        )
    if errors:
        note(
            Bilingual(
                f"{errors} cells are error values (#REF!, #N/A …), read as empty",
                f"{errors} 个单元格是错误值（#REF!、#N/A 等），按空单元格读取",
            )
        )
    return {row for row, _ in uncomputed}


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
            width = max([width, *map(column_number, {letters.decode() for letters, _, empty in cells if not empty})])
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


def _columns(header: list[str], note: OnNote) -> list[str]:
    check_width(len(header))
    columns, twice = table_names(header, note)
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
