"""XML Spreadsheet 2003: what older systems write when they say "Excel", under the name of a workbook or of XML."""

from collections.abc import Iterator
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, check_width, is_blank, listed, unheard
from curate.reading.readers._number_format import shown_number
from curate.reading.readers._table import FIRST, header_index, is_header_row, note_header, table_names
from curate.reading.readers._xml_stream import stream_xml
from schemas.bilingual import Bilingual
from schemas.errors import InputError

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
CELLS = 5_000_000
"""Cells that a sheet may span."""
NAMED_FORMATS = {"Percent": "0.00%", "Fixed": "0.00", "Standard": "#,##0.00"}


class SpreadsheetXml(Reader):
    """The sheet named, or the first one with a table; further sheets are told. Header, numbers, merged cells and rows
    are read as in a workbook of Excel.
    """

    title_zh: ClassVar[str] = "XML 表格 2003（旧系统导出的“Excel”）：表头、数字、合并单元格与行号同 Excel 工作簿"
    suffixes: ClassVar[tuple[str, ...]] = ()

    sheet: str | None = None
    header: int | None = None
    """The row on which the names stand; found out when not said."""

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        book = _parsed(content)
        table = self._chosen(book, note)
        written = [number for number, cells in sorted(table.items()) if not is_blank(cells)]
        if not written:
            raise InputError("the sheet is empty", "工作表是空的")
        if self.header is not None and self.header not in written:
            raise InputError(
                f"nothing is written in row {self.header}, where `header` says that the names stand",
                f"header 指定的第 {self.header} 行没有内容",
            )
        header = self.header or written[header_index([table[number] for number in written[:FIRST]]) or 0]
        if self.header is None:
            note_header(header, written.index(header), note)
        columns, twice = table_names(table[header], note)
        if twice:
            raise InputError(
                f"columns {listed(twice)} have the same name, or the first row is no header",
                f"第 {listed(twice)} 列同名，或首行不是表头",
            )
        for number in written:
            if number > header:
                cells = [*table[number], *[""] * len(columns)][: max(len(columns), len(table[number]))]
                if len(cells) == len(columns):
                    yield RawRow(number, dict(zip(columns, cells, strict=True)))
                else:
                    yield RawRow(number, None, "wrong_cell_count", "\t".join(cells))

    def _chosen(self, book: "_Book", note: OnNote) -> dict[int, list[str]]:
        """Choose the sheet, and note the others that hold anything."""
        if self.sheet is not None and self.sheet not in book.sheets:
            raise InputError(
                f"there is no sheet '{self.sheet}'; the workbook has {', '.join(book.sheets)}",
                f"没有工作表“{self.sheet}”；现有：{'、'.join(book.sheets)}",
            )
        name = self.sheet or next(filter(book.is_table, book.sheets), next(iter(book.sheets), None))
        if name is None:
            raise InputError("the workbook has no sheet", "工作簿里没有工作表")
        for other, cells in book.sheets.items():
            if self.sheet is None and other != name and cells:
                note(
                    Bilingual(
                        f"sheet {other} ({len(cells)} rows) was not read; to read it, add the input FILE#{other}",
                        f"工作表“{other}”（{len(cells)} 行）未读取；要读取，请加一个输入：文件名#{other}",
                    )
                )
        return book.sheets[name]


class _Book:
    """The sheets of a workbook while it is parsed: by name the cells of each row that has any, counted from 1."""

    def __init__(self) -> None:
        self.sheets: dict[str, dict[int, list[str]]] = {}
        self._formats: dict[str, str] = {}
        self._style = ""
        self._rows: dict[int, list[str]] = {}
        self._row = self._column = self._size = 0
        self._cell: dict[str, str] = {}
        self._type = ""
        self._texts: list[str] | None = None

    def is_table(self, name: str) -> bool:
        """Tell whether a sheet has a header and rows."""
        written = [cells for _, cells in sorted(self.sheets[name].items()) if not is_blank(cells)]
        index = header_index(written[:FIRST])
        return index is not None and is_header_row(written[index], written[index + 1 :])

    def start(self, name: str, about: dict[str, str]) -> None:
        """Open an element; names are without their namespace."""
        name, about = _local(name), {_local(key): value for key, value in about.items()}
        if name == "Style":
            self._style = about.get("ID", "")
        elif name == "NumberFormat":
            self._formats[self._style] = NAMED_FORMATS.get(about.get("Format", ""), about.get("Format", ""))
        elif name == "Worksheet":
            self._rows = self.sheets.setdefault(about.get("Name", f"{len(self.sheets) + 1}"), {})
            self._row = 0
        elif name == "Row":
            self._row = _number(about.get("Index"), self._row + 1)
            self._column = 0
        elif name == "Cell":
            self._column = _number(about.get("Index"), self._column + 1)
            check_width(self._column)
            self._cell = about
        elif name == "Data":
            self._type, self._texts = about.get("Type", "String"), []

    def end(self, name: str) -> None:
        name = _local(name)
        if name == "Data" and self._texts is not None:
            self._put(self._written("".join(self._texts)))
            self._texts = None
        elif name == "Cell":
            self._column += _number(self._cell.get("MergeAcross"), 0)

    def text(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def _written(self, text: str) -> str:
        """Write a value as the sheet shows it."""
        if self._type == "Error":
            return ""
        if self._type == "DateTime":
            return text.removesuffix(".000").replace("T", " ").removesuffix(" 00:00:00")
        if self._type == "Number":
            return shown_number(text, self._formats.get(self._cell.get("StyleID", ""), "")) or text
        return text

    def _put(self, text: str) -> None:
        """Put a value into its cell, and into each of those that are merged with it from above."""
        if self._column < 1 or self._row < 1:
            return  # a value outside of a cell
        self._size += 1 + _number(self._cell.get("MergeDown"), 0)
        if self._size > CELLS:
            raise InputError("the sheets span more cells than any table has", "工作表的单元格过多，不像表格")
        for row in range(self._row, self._row + 1 + _number(self._cell.get("MergeDown"), 0)):
            cells = self._rows.setdefault(row, [])
            cells += [""] * (self._column - len(cells))
            cells[self._column - 1] = text


def _parsed(content: Iterator[str]) -> _Book:
    """Parse the whole file. Raises InputError where it is no XML, or declares entities of its own."""
    book = _Book()
    for _ in stream_xml(content, book):
        pass
    return book


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _number(text: str | None, default: int) -> int:
    return min(int(text), CELLS) if text and text.isascii() and text.isdigit() else default
