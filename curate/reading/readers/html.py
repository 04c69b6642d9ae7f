"""HTML: the rows of a table, as web help desks and many "Excel" exports write it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, ClassVar

from curate.reading.readers import Reader, Row, check_width
from schemas.errors import InputError

BREAKS = frozenset(("br", "p", "div", "li"))
UNSEEN = frozenset(("script", "style", "head"))
SPAN = 1_000
"""Rows or columns that one cell may span."""


class Html(Reader):
    """The table with the most rows, or the one with the id named. Its first row holds the column names.

    A cell over several rows or columns has its value in each. Rows are counted as the
    table does, the header among them.
    """

    title_zh: ClassVar[str] = "行数最多的表格，或指定 id 的表格；首行是列名"
    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm")
    takes: ClassVar[Any] = "text"

    table: str | None = None

    def rows(self, content: Any) -> Iterator[Row]:
        page = _Page()
        page.feed(content)
        page.close()
        tables = [table for table in page.tables if self.table in (None, table.id)]
        if not any(len(table.rows) > 1 for table in tables):
            raise InputError(
                "there is no table with a header and rows in this page; export the chat as a table, CSV or text",
                "页面里没有带表头的表格；请把聊天记录导出为表格、CSV 或文本",
            )
        best = max(tables, key=lambda table: len(table.rows))
        filled = _filled(best.rows)
        columns = [cell or f"column_{place}" for place, cell in enumerate(filled[0][1], start=1)]
        if len(set(columns)) < len(columns):
            raise InputError(
                "several columns of the table have the same name, or its first row is no header",
                "表格有同名的列，或首行不是表头",
            )
        for number, cells in filled[1:]:
            if len(cells) != len(columns):
                yield Row(number, None, "wrong_cell_count", "\t".join(cells))
            elif any(cells):
                yield Row(number, dict(zip(columns, cells, strict=True)))


class _Cell:
    def __init__(self, down: int, right: int) -> None:
        self.down = down
        self.right = right
        self.said: list[str] = []

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.said).split("\n"))
        return "\n".join(line for line in lines if line)


class _Table:
    def __init__(self, id: str | None) -> None:
        self.id = id
        self.rows: list[list[_Cell]] = []


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
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
            self._cells.pop()
        elif tag in UNSEEN and self._unseen:
            self._unseen -= 1
        elif tag in BREAKS:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        self._say(data.replace("\n", " "))  # in the source of a page it is a space

    def _say(self, text: str) -> None:
        if self._cells and (cell := self._cells[-1]) is not None and not self._unseen:
            cell.said.append(text)


def _span(value: str | None) -> int:
    return min(SPAN, max(1, int(value))) if value and value.isascii() and value.isdigit() else 1


def _filled(rows: list[list[_Cell]]) -> list[tuple[int, list[str]]]:
    """The rows that have cells, with the values of cells that span several in each of their places."""
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
        if line:
            filled.append((number, line))
    return filled


def _hang(line: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Adds the cells that reach down from rows above, up to the first free place."""
    while (place := len(line)) in hanging:
        left, text = hanging.pop(place)
        if left > 1:
            hanging[place] = (left - 1, text)
        line.append(text)
