"""CSV and TSV: every cell as the string that stands in the file."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

from curate.readers import Reader, Row
from schemas.errors import InputError

DELIMITERS = ("\t", ",", ";", "|")
SAMPLE = 200
"""Lines looked at to find the delimiter."""
CELL = 16 << 20
"""Characters that one cell may hold; more is a lost quotation mark or no table at all."""


class Csv(Reader):
    """Comma, tab, semicolon or bar; quoted cells may hold line feeds. Rows are counted as records, not as lines."""

    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab")

    delimiter: str | None = None
    header: bool = True
    columns: tuple[str, ...] = ()
    quoted: bool | None = None
    """False where quotation marks are ordinary characters; found out when not said."""

    def rows(self, content: Any) -> Iterator[Row]:
        csv.field_size_limit(CELL)
        delimiter = self.delimiter or _delimiter(content)
        quoted = self.quoted if self.quoted is not None else _is_quoted(content, delimiter)
        table = csv.reader(
            io.StringIO(content, newline=""),
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            strict=True,
        )
        columns = self._columns(table)
        yield from _rows(table, columns)

    def _columns(self, table: Any) -> tuple[str, ...]:
        first = next(table, None) if self.header else None
        columns = self.columns or tuple(name.strip() for name in first or ())
        if not columns:
            raise InputError(
                "the table has no header; name the columns in the recipe: "
                "reader: {csv: {header: false, columns: [...]}}",
                "表格没有表头；请在配方中写明各列：reader: {csv: {header: false, columns: [...]}}",
            )
        if len(set(columns)) < len(columns):
            twice = sorted(name for name, count in Counter(columns).items() if count > 1)
            raise InputError(f"the column names {twice} stand twice", f"列名 {twice} 重复")
        return columns


def _rows(table: Any, columns: tuple[str, ...]) -> Iterator[Row]:
    number = 0
    while True:
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            yield Row(number, None, "broken_quoting")
            continue
        if not cells:
            continue
        number += 1
        if len(cells) != len(columns):
            yield Row(number, None, "wrong_cell_count")
        else:
            yield Row(number, dict(zip(columns, cells, strict=True)))


def _delimiter(content: str) -> str:
    """The one that cuts most lines of the sample into the same number of cells, more than one."""
    lines = [line for line in content[: 1 << 20].split("\n")[:SAMPLE] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        cells, agree = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return agree, cells

    return max(DELIMITERS, key=score)


def _is_quoted(content: str, delimiter: str) -> bool:
    """Whether quotation marks stand at the edges of cells, as quoting wants, and not within the text alone."""
    sample = content[: 1 << 20]
    edges = sample.count(f'{delimiter}"') + sample.count(f'"{delimiter}') + sample.count('\n"') + sample.count('"\n')
    edges += sample.count('"\r\n') + sample.startswith('"')
    return edges * 4 >= sample.count('"') - 2 * sample.count('""')
