"""CSV and TSV: every cell as the string that stands in the file."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any, ClassVar, NamedTuple

from curate.readers import Reader, Row
from schemas.errors import InputError

DELIMITERS = ("\t", ",", ";", "|")
UNQUOTED = ("\t", "|")
"""Delimiters that come without quoting unless the table says otherwise."""
SAMPLE = 1 << 20
"""Characters looked at to find the delimiter and whether cells are quoted."""
CELL = 16 << 20
"""Characters that one cell may hold; more is a lost quotation mark or no table at all."""
SPAN = 5_000
"""Lines that one row may have; more is a lost quotation mark."""
BROKEN = 10_000
"""Rows with broken quoting after which the quoting itself must be wrong."""


class Csv(Reader):
    """Comma, tab, semicolon or bar; quoted cells may hold line feeds. Rows are counted as records, not as lines.

    A quotation mark that is never closed costs the line it stands in, not the rest of the file.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab")

    delimiter: str | None = None
    header: bool = True
    columns: tuple[str, ...] = ()
    """The names of the columns, where there is no header or it is not to be used."""
    quoted: bool | None = None
    """False where quotation marks are ordinary characters; found out when not said."""

    def rows(self, content: Any) -> Iterator[Row]:
        csv.field_size_limit(CELL)
        dialect = self._dialect(content)
        lines = _Lines(content)
        first = _first(lines, dialect) if self.header else []
        columns = self.columns or _named(first)
        for number, cells in enumerate(_records(lines, dialect, len(columns)), start=1):
            if isinstance(cells, str):
                yield Row(number, None, cells)
            else:
                yield Row(number, dict(zip(columns, cells, strict=True)))

    def _dialect(self, content: str) -> "_Dialect":
        """The one that cuts the sample into rows as wide as its header, with the fewest that are not."""
        sample = content if len(content) <= SAMPLE else content[: content.rfind("\n", 0, SAMPLE) + 1 or SAMPLE]
        marks = (True, False) if self.quoted is None and '"' in sample else (self.quoted is not False,)
        candidates = [_Dialect(*each) for each in product([self.delimiter] if self.delimiter else DELIMITERS, marks)]
        tried = [
            (_cost(sample, dialect, width, header=self.header), dialect)
            for dialect in candidates
            if (width := len(self.columns) or len(_first(_Lines(sample), dialect))) > 1
        ]
        if tried:
            return min(tried, key=lambda pair: pair[0])[1]
        unused = next((delimiter for delimiter in DELIMITERS if delimiter not in sample), ",")
        return _Dialect(self.delimiter or unused, marks[0])


class _Dialect(NamedTuple):
    delimiter: str
    quoted: bool

    def table(self, lines: Any) -> Any:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            strict=True,
        )


class _Lines:
    """Lines of a text that can be taken back to the start of the row being read."""

    def __init__(self, content: str) -> None:
        self.stream = io.StringIO(content, newline="")
        self.start = 0
        self.taken = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.stream.readline()
        if not line:
            raise StopIteration
        self.taken += 1
        if self.taken > SPAN:
            raise csv.Error("a row of too many lines")
        return line

    def begin(self) -> None:
        """Marks the start of a row."""
        self.start = self.stream.tell()
        self.taken = 0

    def back(self) -> None:
        """To the second line of the row being read."""
        self.stream.seek(self.start)
        self.stream.readline()


def _first(lines: _Lines, dialect: _Dialect) -> list[str]:
    """The cells of the first row that has any; none when there is no such row or its quoting is broken."""
    try:
        return next((cells for cells in dialect.table(lines) if cells), [])
    except csv.Error:
        return []


def _named(header: list[str]) -> tuple[str, ...]:
    """Column names from a header; a cell without a name is called after its place."""
    columns = tuple(cell.strip() or f"column_{place}" for place, cell in enumerate(header, start=1))
    if not columns:
        raise InputError(
            "the table has no header; name the columns in the recipe: reader: {csv: {header: false, columns: [...]}}",
            "表格没有表头；请在配方中写明各列：reader: {csv: {header: false, columns: [...]}}",
        )
    counts = Counter(columns)
    twice = [place for place, name in enumerate(columns, start=1) if counts[name] > 1]
    if twice:  # the names are not quoted: without a header they are the content of the first row
        raise InputError(
            f"columns {twice} have the same name, or there is no header; name them in the recipe: "
            "reader: {csv: {columns: [...]}}, with `header: false` if the first row is data",
            f"第 {twice} 列同名，或者没有表头；请在配方中写明：reader: {{csv: {{columns: [...]}}}}，"
            "若首行就是数据，再加 `header: false`",
        )
    return columns


def _records(lines: _Lines, dialect: _Dialect, width: int) -> Iterator[list[str] | str]:
    """The cells of each row, or the reason why it has none. Empty lines are no rows."""
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
        if len(cells) == width:
            yield cells
        elif cells:
            _give_back_swallowed(lines, dialect, width)
            yield "wrong_cell_count"


def _give_back_swallowed(lines: _Lines, dialect: _Dialect, width: int) -> None:
    """Goes back when a stray quotation mark made one row of several: the second line is a row by itself."""
    if lines.taken < 2 or width < 2:
        return
    end = lines.stream.tell()
    lines.back()
    second = lines.stream.readline()
    if len(_first(_Lines(second), dialect)) == width:
        lines.back()
    else:
        lines.stream.seek(end)


def _cost(sample: str, dialect: _Dialect, width: int, *, header: bool) -> tuple[int, int, int]:
    """What speaks against a dialect: rows of another width, then rows swallowed by others, then narrow rows.

    Commas come with quoting, so that a cell of several lines is one; tabs do not, so that it is several rows.
    """
    lines = _Lines(sample)
    if header:
        _first(lines, dialect)
    good = faults = 0
    for cells in _records(lines, dialect, width):
        faults += isinstance(cells, str)
        good += not isinstance(cells, str)
    return faults, -good if dialect.delimiter in UNQUOTED else 0, -width
