"""CSV and TSV: every cell as the string that stands in the file."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from itertools import chain, dropwhile, islice, product
from typing import Any, ClassVar, NamedTuple

from curate.reading.readers import RawRow, Reader, check_width, column_names, is_blank, listed
from schemas.errors import InputError

DELIMITERS = ("\t", ",", ";", "|")
WITHOUT_MARKS = str.maketrans("", "", "".join(DELIMITERS) + '"')
UNQUOTED = ("\t", "|")
"""Delimiters that come without quoting unless the table says otherwise."""
SAMPLE = 1 << 20
"""Characters looked at to find the delimiter and whether cells are quoted."""
CELL = 16 << 20
"""Characters that one cell may hold; more is a lost quotation mark or no table at all."""
SPAN = 5_000
"""Lines that one row may have; more is a lost quotation mark."""
TELLING = 5
"""Cells of a line that nobody writes into a cell of text by chance."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
BROKEN = 10_000
"""Rows with broken quoting after which the quoting itself must be wrong."""


class Csv(Reader):
    """Comma, tab, semicolon or bar; quoted cells may hold line feeds. A row counts from
    the physical line on which it begins.

    The first row in which anything is written is the header. A quotation mark that is never closed costs the line it
    stands in, not the rest of the file.
    """

    title_zh: ClassVar[str] = "逗号、制表符、分号或竖线分隔；带引号的单元格可以换行。行号是该行开头所在的物理行"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab")

    delimiter: str | None = None
    header: bool = True
    columns: tuple[str, ...] = ()
    """The names of the columns, where there is no header or it is not to be used."""
    quoted: bool | None = None
    """False where quotation marks are ordinary characters; found out when not said."""

    def rows(self, content: Any) -> Iterator[RawRow]:
        csv.field_size_limit(CELL)
        sample = _sample(content)
        dialect = self._dialect(sample)
        lines = _Lines(chain((sample,), content))
        header = _header(lines, dialect) if self.header else []
        check_width(len(header))
        columns = self.columns or _columns(header)

        for cells in _records(lines, dialect, len(columns)):
            number, raw = lines.number, lines.raw()
            if isinstance(cells, str):
                yield RawRow(number, None, cells, raw)
            else:
                yield RawRow(number, dict(zip(columns, cells, strict=True)), None, raw)

    def first_rows(self, content: Any, limit: int) -> tuple[str, list[list[str]]]:
        """Find the delimiter, and the cells of the first rows in which anything is written, a header among them."""
        csv.field_size_limit(CELL)
        sample = _sample(content)
        dialect = self._dialect(sample)
        try:
            rows = dropwhile(_is_bare, dialect.table(iter(_cut(sample))))
            cells = list(islice(filter(None, rows), limit))
        except csv.Error:
            cells = []
        return dialect.delimiter, cells

    def _dialect(self, content: str) -> "_Dialect":
        """Find the dialect that cuts the sample into rows as wide as its header, with the fewest that are not."""
        sample = content if len(content) <= SAMPLE else content[: content.rfind("\n", 0, SAMPLE) + 1 or SAMPLE]
        marks = (True, False) if self.quoted is None and '"' in sample else (self.quoted is not False,)
        trusted = self.quoted is True
        candidates = [
            _Dialect(delimiter, mark, trusted)
            for delimiter, mark in product([self.delimiter] if self.delimiter else DELIMITERS, marks)
        ]

        # Each candidate by what speaks against it; one that finds a single column has not found the delimiter.
        costs = [
            (_cost(sample, dialect, width, header=self.header), dialect)
            for dialect in candidates
            if (width := len(self.columns) or len(_header(_Lines(iter((sample,))), dialect))) > 1
        ]
        if costs:
            return min(costs, key=lambda pair: pair[0])[1]
        unused = next((delimiter for delimiter in DELIMITERS if delimiter not in sample), ",")
        return _Dialect(self.delimiter or unused, marks[0], trusted)


def _sample(blocks: Iterator[str]) -> str:
    """Take the first blocks, as many as are needed to see what the table is like."""
    taken: list[str] = []
    while sum(map(len, taken)) < SAMPLE and (block := next(blocks, "")):
        taken.append(block)
    return "".join(taken)


class _Dialect(NamedTuple):
    delimiter: str
    quoted: bool
    trusted: bool = False
    """Whether the recipe says that cells are quoted."""

    def table(self, lines: Any) -> Any:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            strict=True,
        )


class _Lines:
    """Lines of a text, with their ends, that can be taken back to the start of the row being read."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._coming = chain.from_iterable(map(_cut, blocks))
        self._again: deque[str] = deque()
        self.row: list[str] = []
        """The lines of the row being read."""
        self.number = 1
        """The physical line on which it begins, from 1."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._coming)
        self.row.append(line)
        if len(self.row) > SPAN:
            raise csv.Error("a row of too many lines")
        return line

    def begin(self) -> None:
        """Mark the start of a row."""
        self.number += len(self.row)
        self.row.clear()

    def back(self) -> None:
        """Go back to the second line of the row being read."""
        self._again.extendleft(reversed(self.row[1:]))
        del self.row[1:]

    def raw(self) -> str:
        """Give the row being read as it stands in the file."""
        return self.row[0] if len(self.row) == 1 else "".join(self.row)


def _cut(block: str) -> list[str]:
    """Cut a block into its lines. A carriage return alone ends one too, as in tables of old systems."""
    if block.count("\r") == block.count("\r\n"):
        lines = block.split("\n")
        return [f"{line}\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])
    return LINE.findall(block)


def _first(lines: _Lines, dialect: _Dialect) -> list[str]:
    """Read the cells of the first row that has any; none when there is no such row or its quoting is broken."""
    try:
        return next((cells for cells in dialect.table(lines) if cells), [])
    except csv.Error:
        return []


def _header(lines: _Lines, dialect: _Dialect) -> list[str]:
    """Read the cells of the first row in which anything is written; none when there is no such row or its quoting is
    broken.
    """
    try:
        for cells in dialect.table(lines):
            if not _is_bare(cells):
                return list(cells)
            lines.begin()
    except csv.Error:
        return []
    return []


def _is_bare(cells: list[str]) -> bool:
    """Tell whether nothing is written in a row, whatever the delimiter, or only which one that is: Excel's `sep=;`."""
    bare = [cell.translate(WITHOUT_MARKS) for cell in cells]
    return is_blank(bare) or (bare[0].strip().lower() == "sep=" and is_blank(bare[1:]))


def _columns(header: list[str]) -> tuple[str, ...]:
    """Read the names of the columns. Raises InputError where there are none, or one stands twice."""
    columns = tuple(column_names(header))
    if not columns:
        raise InputError(
            "the table has no header; name the columns in the recipe: reader: {csv: {header: false, columns: [...]}}",
            "表格没有表头；请在配方中写明各列：reader: {csv: {header: false, columns: [...]}}",
        )

    counts = Counter(columns)
    twice = [number for number, name in enumerate(columns, start=1) if counts[name] > 1]
    if twice:  # the names are not quoted: without a header they are the content of the first row
        raise InputError(
            f"columns {listed(twice)} have the same name, or there is no header; name them in the recipe: "
            "reader: {csv: {columns: [...]}}, with `header: false` if the first row is data",
            f"第 {listed(twice)} 列同名，或者没有表头；请在配方中写明：reader: {{csv: {{columns: [...]}}}}，"
            "若首行就是数据，再加 `header: false`",
        )
    return columns


def _records(lines: _Lines, dialect: _Dialect, width: int) -> Iterator[list[str] | str]:
    """Read the cells of each row, or the reason why it has none. Empty lines are no rows."""
    table = dialect.table(lines)
    broken = 0
    while True:
        lines.begin()
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            broken += 1
            if broken > BROKEN:
                raise InputError(
                    f"the quotation marks of more than {BROKEN} rows do not pair; if they are ordinary characters, "
                    "say so in the recipe: reader: {csv: {quoted: false}}",
                    f"有 {BROKEN} 行以上的引号不成对；若引号只是普通字符，请在配方中写明："
                    "reader: {csv: {quoted: false}}",
                ) from None
            lines.back()
            yield "broken_quoting"
            continue

        # A row of the wrong width may be several that a stray quotation mark made into one; so may one of the right
        # width, by chance.
        if len(cells) == width and _hides_rows(lines.row, dialect, width):
            lines.back()
            yield "broken_quoting"
        elif len(cells) == width:
            yield cells
        elif cells:
            if len(lines.row) > 1 and 1 < width == len(_first(_Lines(iter((lines.row[1],))), dialect)):
                lines.back()  # a stray quotation mark made one row of several: the second line is a row by itself
            yield "wrong_cell_count"


def _hides_rows(row: list[str], dialect: _Dialect, width: int) -> bool:
    """Tell whether two stray quotation marks made one row of several, by chance of the right width: without quoting
    each line is a row by itself. Only tabs or many cells show it, since a comma or two stands in any text.
    """
    if len(row) < 2 or dialect.trusted or (dialect.delimiter not in UNQUOTED and width < TELLING):
        return False
    bare = _Dialect(dialect.delimiter, quoted=False)
    return all(len(_first(_Lines(iter((line,))), bare)) == width for line in row[:2])


def _cost(sample: str, dialect: _Dialect, width: int, *, header: bool) -> tuple[int, int, int]:
    """Count what speaks against a dialect: rows of another width, then rows swallowed by others, then narrow rows.

    Commas come with quoting, so that a cell of several lines is one; tabs do not, so that it is several rows.
    """
    lines = _Lines(iter((sample,)))
    if header:
        _header(lines, dialect)
    good = faults = 0
    for cells in _records(lines, dialect, width):
        faults += isinstance(cells, str)
        good += not isinstance(cells, str)
    return faults, -good if dialect.delimiter in UNQUOTED else 0, -width
