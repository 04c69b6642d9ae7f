"""HTML: the rows of a table, as web help desks and many "Excel" exports write it."""

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from itertools import dropwhile
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, check_width, is_blank, unheard
from curate.reading.readers._table import FIRST, header_index, note_header, table_names
from schemas.errors import InputError

BREAKS = frozenset(("br", "p", "div", "li"))
UNSEEN = frozenset(("script", "style", "head"))
SPAN = 1_000
"""Rows or columns that one cell may span."""


class Html(Reader):
    """The table with the most rows, or the one with the id named. The first row in which anything is written holds the
    column names. Rows without any value are no rows.

    A cell over several rows or columns has its value in each. Rows are counted as the
    table does, the header among them.
    """

    title_zh: ClassVar[str] = "行数最多的表格，或指定 id 的表格；首个有内容的行是列名。没有任何值的行不算"
    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm")
    takes: ClassVar[Any] = "text"

    table: str | None = None

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        page = _Page()
        page.feed(content)
        page.close()

        tables = [table for table in page.tables if self.table in (None, table.id)]
        if not any(table.written > 1 for table in tables):
            raise InputError(
                "there is no table with a header and rows in this page; export the chat as a table, CSV or text",
                "页面里没有带表头的表格；请把聊天记录导出为表格、CSV 或文本",
            )

        best = max(tables, key=lambda table: table.written)
        written = list(dropwhile(lambda row: is_blank(row[1]), _filled(best.rows)))
        above = header_index([cells for _, cells in written[:FIRST]]) or 0
        (line, header), *filled = written[above:]
        note_header(line, above, note)
        columns, twice = table_names(header, note)
        if twice:
            raise InputError(
                "several columns of the table have the same name, or its first row is no header",
                "表格有同名的列，或首行不是表头",
            )
        for number, cells in filled:
            if len(cells) == len(columns):
                yield RawRow(number, dict(zip(columns, cells, strict=True)))
            else:
                yield RawRow(number, None, "wrong_cell_count", "\t".join(cells))


class _Cell:
    def __init__(self, down: int, right: int) -> None:
        self.down = down
        self.right = right
        self.texts: list[str] = []

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.texts).split("\n"))
        return "\n".join(line for line in lines if line)


class _Table:
    def __init__(self, id: str | None) -> None:
        self.id = id
        self.rows: list[list[_Cell]] = []

    @cached_property
    def written(self) -> int:
        """The number of rows in which anything is written."""
        return sum(not is_blank(text for cell in row for text in cell.texts) for row in self.rows)


class _Page(HTMLParser):
    """Collects the tables of a page; a table inside of a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cells: list[_Cell | None] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "table":
            self._open.append(_Table(about.get("id")))
            self._cells.append(None)
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].rows.append([])
            self._cells[-1] = None
        elif tag in ("td", "th") and self._open and self._open[-1].rows:
            cell = _Cell(_span(about.get("rowspan")), _span(about.get("colspan")))
            self._cells[-1] = cell
            self._open[-1].rows[-1].append(cell)
        elif tag in UNSEEN:
            self._unseen += 1
        elif tag in BREAKS:
            self._write("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
            self._cells.pop()
        elif tag in UNSEEN and self._unseen:
            self._unseen -= 1
        elif tag in BREAKS:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        self._write(data.replace("\n", " "))  # in the source of a page it is a space

    def _write(self, text: str) -> None:
        if self._cells and (cell := self._cells[-1]) is not None and not self._unseen:
            cell.texts.append(text)


def _span(value: str | None) -> int:
    return min(SPAN, max(1, int(value))) if value and value.isascii() and value.isdigit() else 1


def _filled(rows: list[list[_Cell]]) -> list[tuple[int, list[str]]]:
    """List the rows that have cells of their own and anything in them, each with its number; a cell that spans several
    has its value in each.
    """
    hanging: dict[int, tuple[int, str]] = {}
    filled = []
    for number, cells in enumerate(rows, start=1):
        line: list[str] = []
        for cell in cells:
            _hang(line, hanging)
            check_width(len(line) + cell.right)
            for _ in range(cell.right):
                if cell.down > 1:
                    hanging[len(line)] = (cell.down - 1, cell.text())
                line.append(cell.text())
        _hang(line, hanging)
        if cells and any(line):
            filled.append((number, line))
    return filled


def _hang(line: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Add the cells that reach down from rows above, up to the first column that is free."""
    while (column := len(line)) in hanging:
        rows, text = hanging.pop(column)
        if rows > 1:
            hanging[column] = (rows - 1, text)
        line.append(text)
