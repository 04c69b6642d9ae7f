"""Console tables: what `psql` and `mysql` draw with bars and a ruled line, as people copy it into a text file."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import Any, ClassVar, NamedTuple

from curate.reading.readers import OnNote, RawRow, Reader, check_width, lines_of, unheard
from curate.reading.readers._table import note_header, table_names
from schemas.errors import InputError

RULE = re.compile(r"\+?-+(?:\+-+)+\+?")
"""`----+----` or `+----+----+`."""
ABOVE = 6
"""Lines among which the ruled line below the header stands."""
COUNT = re.compile(r"\([0-9]+ [^()|]{1,20}\)|[0-9]+ rows? in set.*|Time: .*")
"""What consoles write below a table."""
GOES_ON = "+"
"""What `psql` puts behind a cell that goes on in the next line."""


class RuledColumns(NamedTuple):
    """Where the columns of a drawn table stand: the first and last column on the screen of each."""

    spans: tuple[tuple[int, int], ...]

    def cells(self, line: str) -> list[str] | None:
        """Cut a line where the ruled line is cut, spaces kept; None where no bars stand there."""
        wide = line if line.isascii() else "".join(map(_widened, line))
        bars = [start - 1 for start, _ in self.spans[1:]]
        if len(wide) <= max(bars) or any(wide[bar] != "|" for bar in bars):
            return None
        return [wide[start:end].replace("\ufdd0", "") for start, end in self.spans]


def _widened(mark: str) -> str:
    """Fill up what takes two columns on a screen."""
    return mark + "\ufdd0" if unicodedata.east_asian_width(mark) in "WF" else mark


def ruled_line(lines: Sequence[str]) -> int | None:
    """Find the ruled line below the header of a drawn table among the first lines; None where there is no table."""
    for number, line in enumerate(lines[:ABOVE]):
        rule = line.rstrip()
        if number and RULE.fullmatch(rule) and lines[number - 1].strip().strip("|").count("|") == _inner(rule):
            return number
    return None


def _inner(rule: str) -> int:
    return rule.strip("+").count("+")


def _columns_of(rule: str) -> RuledColumns:
    """Read where the columns stand. The last one has no end of its own where no bar closes it."""
    cuts = [match.start() for match in re.finditer(r"\+", rule)]
    edges = [*([] if rule.startswith("+") else [-1]), *cuts, *([] if rule.endswith("+") else [len(rule)])]
    return RuledColumns(tuple((left + 1, right) for left, right in pairwise(edges)))


class Console(Reader):
    """A table with bars and a ruled line below its header. A cell that goes on in the next line is joined with a line
    feed; a row counts from the physical line on which it begins.
    """

    title_zh: ClassVar[str] = "控制台画出的表格：竖线分列，表头下有横线。续行的单元格以换行相连，行号是首行所在的物理行"
    suffixes: ClassVar[tuple[str, ...]] = ()

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        lines = ((number, line) for number, line in lines_of(content) if line.strip())
        first = list(islice(lines, ABOVE))
        rule = ruled_line([line for _, line in first])
        if rule is None:
            raise InputError("no ruled line stands below a header", "表头下没有横线，不是控制台表格")
        columns = _columns_of(first[rule][1].rstrip())
        check_width(len(columns.spans))
        number, header = first[rule - 1]
        above = [line for _, line in first[: rule - 1] if not RULE.fullmatch(line.rstrip())]
        note_header(number, len(above), note)
        names, twice = table_names(
            [name.strip() for name in columns.cells(header) or header.strip("|").split("|")], note
        )
        if twice:
            raise InputError("several columns of the table have the same name", "表格有同名的列")
        yield from _rows(chain(first[rule + 1 :], lines), columns, names)


def _rows(lines: Iterator[tuple[int, str]], columns: RuledColumns, names: Sequence[str]) -> Iterator[RawRow]:
    """Read the rows; a line that is no row of the table is one with a fault."""
    start, raw = 0, list[str]()
    parts: list[list[str]] = []
    goes_on: list[bool] = []
    for number, line in lines:
        cells = columns.cells(line)
        if cells is None:
            if raw:
                yield RawRow(start, None, "wrong_cell_count", "\n".join(raw))
                raw = []
            if not RULE.fullmatch(line.rstrip()):
                fault = "below_table" if COUNT.fullmatch(line.strip()) else "wrong_cell_count"
                yield RawRow(number, None, fault, line)
            continue
        if not raw:
            start, parts, goes_on = number, [[] for _ in names], [True] * len(names)
        raw.append(line)
        for part, cell, is_more in zip(parts, cells, goes_on, strict=True):
            if is_more:
                part.append(cell)
        goes_on = [
            more and _goes_on(cell, *span) for more, cell, span in zip(goes_on, cells, columns.spans, strict=True)
        ]
        if not any(goes_on):
            yield RawRow(start, dict(zip(names, map(_joined, parts), strict=True)), None, "\n".join(raw))
            raw = []
    if raw:
        yield RawRow(start, None, "wrong_cell_count", "\n".join(raw))


def _goes_on(cell: str, start: int, end: int) -> bool:
    """Tell whether a cell ends in the mark of one that goes on: behind all that a text of it can fill."""
    width = len(cell) if cell.isascii() else sum(len(_widened(mark)) for mark in cell)
    return width == end - start and cell.endswith(GOES_ON)


def _joined(part: list[str]) -> str:
    """Put the lines of a cell together."""
    return "\n".join([*(line[:-1].strip() for line in part[:-1]), part[-1].strip()])
