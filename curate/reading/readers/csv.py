"""CSV and TSV: every cell as the string that stands in the file."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, product
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, check_width, is_blank, listed, unheard
from curate.reading.readers._batch_escapes import backslash_signs, is_batch
from curate.reading.readers._dialect import PLAIN, UNQUOTED, Dialect, Lines, first_rows, is_bare
from curate.reading.readers._table import FIRST, header_index, note_header, table_names
from schemas.bilingual import Bilingual
from schemas.errors import InputError

RARE = re.compile(r"[^\w\s\"'.:/\\-]{2,4}|\t?[|;,@#]\t?|[\x01\x02\x1c-\x1f^~¦]|::")
"""Delimiters that some programs write: two to four marks in a row, or one that stands in no text."""
OF_SPEECH = re.compile(r"[?!？！。，、；：…～()（）\[\]{}【】《》<>「」“”‘’%]")
"""Marks that stand in texts and before the end of a cell: `Is it new?,yes` is cut at the comma alone."""
SAMPLE = 1 << 20
"""Characters looked at to find the delimiter and whether cells are quoted."""
CELL = 16 << 20
"""Characters that one cell may hold; more is a lost quotation mark or no table at all."""
TELLING = 5
"""Cells of a line that nobody writes into a cell of text by chance."""
BROKEN = 10_000
"""Rows with broken quoting after which the quoting itself must be wrong."""
NULL = re.compile(r"(?:^|[\t,;|])\\N(?=[\t,;|\r\n]|\Z)", re.MULTILINE)
"""A cell that is `\\N`: MySQL wrote the table, and it escapes with backslashes."""
RULED = re.compile(r"[|+\s]*(?:[-=:]{3,}\s*[|+][|+\s]*)+(?:[-=:]{3,}[|+\s]*)?")
"""`----+----`: what consoles of databases draw below a header, and Markdown as `|---|---|`."""
ESCAPED_MARK = '\\"'


class Csv(Reader):
    """Comma, tab, semicolon, bar or marks like `||`; quoted cells may hold line feeds. A row counts from
    the physical line on which it begins.

    The header is the first row in which anything is written, unless only a row below it names all columns: lines above
    are then a title. Totals below a table are no rows. A quotation mark that is never closed costs the line it stands
    in, not the rest of the file.
    """

    title_zh: ClassVar[str] = (
        "逗号、制表符、分号、竖线或 `||` 等符号分隔；带引号的单元格可以换行。行号是该行开头所在的物理行。"
        "表头上方的标题和表格下方的合计不算数据"
    )
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".tab")

    delimiter: str | None = None
    header: bool | int = True
    """False where there is none, or the line on which it stands; found out when not said."""
    columns: tuple[str, ...] = ()
    """The names of the columns, where there is no header or it is not to be used."""
    quoted: bool | None = None
    """False where quotation marks are ordinary characters; found out when not said."""
    escapes: bool | None = None
    """True where a backslash escapes, as MySQL writes: `\\"`, `\\n`, `\\N`; found out when not said."""

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        csv.field_size_limit(CELL)
        sample = _sample(content)
        dialect = self._dialect(sample)
        _note_dialect(dialect, note)
        if self.escapes is None and not (dialect.escaped or dialect.batch):
            _note_backslashes(sample, note)
        lines = Lines(chain((sample,), content), dialect.ends)
        header = self._read_header(sample, lines, dialect, note)
        check_width(len(header))
        columns = self.columns or _columns(header, note)

        for cells in _records(lines, dialect, len(columns)):
            number, raw = lines.number, lines.raw()
            if isinstance(cells, str):
                yield RawRow(number, None, cells, raw)
            else:
                yield RawRow(number, dict(zip(columns, cells, strict=True)), None, raw)

    def first_rows(self, content: Any, limit: int) -> tuple[str, list[list[str]]]:
        """Find the delimiter, and the cells of the first rows from the header on, empty ones left out."""
        csv.field_size_limit(CELL)
        sample = _sample(content)
        dialect = self._dialect(sample)
        rows = first_rows(sample, dialect, limit)
        start = self._header_of(sample, dialect)
        return dialect.delimiter, [cells for number, cells in rows if cells and start and number >= start[0]]

    def top(self, content: Any, limit: int) -> list[tuple[int, list[str]]]:
        """Read the cells of the first rows in which anything is written, those above the header too, each with its
        line.
        """
        csv.field_size_limit(CELL)
        sample = _sample(content)
        return first_rows(sample, self._dialect(sample), limit)

    def _dialect(self, content: str) -> Dialect:
        """Find the dialect that cuts the sample into rows as wide as its header, with the fewest that are not."""
        sample = content if len(content) <= SAMPLE else content[: content.rfind("\n", 0, SAMPLE) + 1 or SAMPLE]

        # Each candidate by what speaks against it; one that finds a single column has not found the delimiter.
        costs = []
        for dialect in self._candidates(sample):
            header = self._header_of(sample, dialect) if self.header is not False else None
            width = len(self.columns) or len(header[1] if header else [])
            if width > 1:
                costs.append((_cost(sample, dialect, width, header[0] if header else 0), dialect))
        if costs:
            cost, dialect = min(costs, key=lambda pair: pair[0])
            return self._batch(sample, dialect, cost[0]) or dialect
        unused = next((delimiter for delimiter in PLAIN if delimiter not in sample), ",")
        return Dialect(self.delimiter or unused, self.quoted is not False, self.quoted is True)

    def _batch(self, sample: str, dialect: Dialect, faults: int) -> Dialect | None:
        """Find the dialect of `mysql --batch`, where the sample shows its escapes and no more rows are of another width
        than `faults`.
        """
        if self.escapes is not None or self.quoted or dialect.delimiter != "\t" or dialect.escaped:
            return None
        if not is_batch(sample, backslash_signs(sample)):
            return None
        batch = dialect._replace(quoted=False, batch=True)
        header = self._header_of(sample, batch) if self.header is not False else None
        width = len(self.columns) or len(header[1] if header else [])
        is_as_good = width > 1 and _cost(sample, batch, width, header[0] if header else 0)[0] <= faults
        return batch if is_as_good else None

    def _candidates(self, sample: str) -> Iterator[Dialect]:
        """List the dialects that may be that of the sample; of equal ones the first is taken."""
        marks = (True, False) if self.quoted is None and '"' in sample else (self.quoted is not False,)
        nulls = NULL.search(sample) is not None
        if self.escapes is None and not nulls:
            escapes = (False, True) if ESCAPED_MARK in sample else (False,)
        else:
            escapes = (nulls if self.escapes is None else self.escapes,)
        delimiters = [self.delimiter] if self.delimiter else _delimiters(sample)
        for end, delimiter in product(_ends(sample), delimiters):
            for mark, escaped in product(marks, escapes):
                yield Dialect(delimiter, mark, self.quoted is True, escaped, end)

    def _header_of(self, sample: str, dialect: Dialect) -> tuple[int, list[str]] | None:
        """Find the line of the header and its cells; None when nothing is written before quoting breaks."""
        wanted = self.header if type(self.header) is int else 0
        rows = first_rows(sample, dialect, max(FIRST, wanted))
        if wanted:
            return next(((number, cells) for number, cells in rows if number == wanted), None)
        index = header_index([cells for _, cells in rows])
        return None if index is None else rows[index]

    def _read_header(self, sample: str, lines: Lines, dialect: Dialect, note: OnNote) -> list[str]:
        """Take the lines up to the header off, and give its cells; none where the recipe says that there is none."""
        if self.header is False:
            return []
        found = self._header_of(sample, dialect)
        if found is None and type(self.header) is int:
            raise InputError(
                f"no row of the table begins on line {self.header}, where `header` says that the names stand",
                f"header 指定的第 {self.header} 行不是任何一行数据的开头",
            )
        if found is None:
            return []
        above = sum(not is_bare(cells) for cells in _skip(lines, dialect, found[0]))
        if self.header is True:
            note_header(found[0], above, note)
        return found[1]


def _skip(lines: Lines, dialect: Dialect, header: int) -> Iterator[list[str]]:
    """Take the rows up to that of the header off, and give those above it."""
    for cells in dialect.table(lines):
        if lines.number >= header:
            return
        yield cells
        lines.begin()


def _sample(blocks: Iterator[str]) -> str:
    """Take the first blocks, as many as are needed to see what the table is like."""
    taken: list[str] = []
    while sum(map(len, taken)) < SAMPLE and (block := next(blocks, "")):
        taken.append(block)
    return "".join(taken)


def _delimiters(sample: str) -> list[str]:
    """List the delimiters worth a try: the usual ones, and rare ones where the first lines have them throughout."""
    lines = [line for line in sample[:20_000].splitlines()[:FIRST] if not is_blank((line,))]
    rare = Counter(mark for line in lines for mark in set(RARE.findall(line)) if mark not in PLAIN)
    common = (mark for mark, count in rare.items() if count > 1 and 2 * count > len(lines))
    often = sorted((mark for mark in common if _is_delimiter(mark, lines)), key=lambda m: (-len(m), m))
    if not often:
        return list(PLAIN)
    inside = [mark for mark in PLAIN if not any(mark in line.replace(often[0], "") for line in lines)]
    return [*often[:3], *(mark for mark in PLAIN if mark not in inside)]


def _is_delimiter(mark: str, lines: list[str]) -> bool:
    """Tell whether marks in a row may be one delimiter: no marks of speech, and among different ones no usual delimiter
    that stands alone, too.
    """
    if OF_SPEECH.search(mark):
        return False
    if len(set(mark)) == 1:
        return True
    return not any(usual in line.replace(mark, "") for usual in PLAIN if usual in mark for line in lines)


def _ends(sample: str) -> tuple[str, ...]:
    """List what may end the rows: every line end, or where they are mixed that of the first line alone."""
    pairs, feeds, returns = sample.count("\r\n"), sample.count("\n"), sample.count("\r")
    first = sample.find("\n")
    if pairs and sample[first - 1 : first] == "\r":
        return ("", "\r\n") if feeds > pairs or returns > pairs else ("",)
    return ("", "\n") if returns and feeds and sample.find("\r") > first else ("",)


def _note_dialect(dialect: Dialect, note: OnNote) -> None:
    if dialect.ends:
        note(
            Bilingual(
                "rows end in one kind of line end, others stand inside cells",
                "各行以同一种换行结束，其他换行属于单元格内容",
            )
        )
    if dialect.escaped or dialect.batch:
        note(Bilingual("backslashes escape, as MySQL writes", "用反斜杠转义（MySQL 的写法）"))


def _note_backslashes(sample: str, note: OnNote) -> None:
    """Note that line feeds may be spelt out, where nothing shows that backslashes escape."""
    signs = backslash_signs(sample)
    if signs.feeds and not signs.others:
        note(
            Bilingual(
                f"`\\n` stands as two characters in cells ({signs.spelt} times in the first rows) and stays so; where "
                "it means a line feed: reader: {csv: {escapes: true}}",
                f"单元格里有写成两个字符的 `\\n`（前面的行里 {signs.spelt} 处），保持原样；"
                "若表示换行：reader: {csv: {escapes: true}}",
            )
        )


def _first(lines: Lines, dialect: Dialect) -> list[str]:
    """Read the cells of the first row that has any; none when there is no such row or its quoting is broken."""
    try:
        return next((cells for cells in dialect.table(lines) if cells), [])
    except csv.Error:
        return []


def _columns(header: list[str], note: OnNote) -> tuple[str, ...]:
    """Read the names of the columns. Raises InputError where there are none, or one stands twice."""
    columns, twice = table_names(header, note)
    if not columns:
        raise InputError(
            "the table has no header; name the columns in the recipe: reader: {csv: {header: false, columns: [...]}}",
            "表格没有表头；请在配方中写明各列：reader: {csv: {header: false, columns: [...]}}",
        )
    if twice:  # the names are not quoted: without a header they are the content of the first row
        raise InputError(
            f"columns {listed(twice)} have the same name, or there is no header; name them in the recipe: "
            "reader: {csv: {columns: [...]}}, with `header: false` if the first row is data",
            f"第 {listed(twice)} 列同名，或者没有表头；请在配方中写明：reader: {{csv: {{columns: [...]}}}}，"
            "若首行就是数据，再加 `header: false`",
        )
    return tuple(columns)


def _records(lines: Lines, dialect: Dialect, width: int) -> Iterator[list[str] | str]:
    """Read the cells of each row, or the reason why it has none. Empty and ruled lines are no rows."""
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
        if RULED.fullmatch(lines.raw().strip()):
            continue
        if len(cells) == width and _hides_rows(lines.row, dialect, width):
            lines.back()
            yield "broken_quoting"
        elif len(cells) == width:
            yield cells
        elif cells:
            if len(lines.row) > 1 and 1 < width == len(_first(Lines(iter((lines.row[1],)), dialect.ends), dialect)):
                lines.back()  # a stray quotation mark made one row of several: the second line is a row by itself
            yield "wrong_cell_count"


def _hides_rows(row: list[str], dialect: Dialect, width: int) -> bool:
    """Tell whether two stray quotation marks made one row of several, by chance of the right width: without quoting
    each line is a row by itself. Only tabs or many cells show it, since a comma or two stands in any text.
    """
    if len(row) < 2 or dialect.trusted or (dialect.delimiter not in UNQUOTED and width < TELLING):
        return False
    bare = dialect._replace(quoted=False)
    return all(len(_first(Lines(iter((line,)), dialect.ends), bare)) == width for line in row[:2])


def _cost(sample: str, dialect: Dialect, width: int, header: int) -> tuple[int, int, int]:
    """Count what speaks against a dialect: rows of another width, then rows swallowed by others, then narrow rows.
    `header` is the line of the header, 0 without one.

    Commas come with quoting, so that a cell of several lines is one; tabs do not, so that it is several rows.
    """
    lines = Lines(iter((sample,)), dialect.ends)
    if header:
        for _ in _skip(lines, dialect, header):
            pass
    good = faults = 0
    for cells in _records(lines, dialect, width):
        faults += isinstance(cells, str)
        good += not isinstance(cells, str)
    return faults, -good if dialect.delimiter in UNQUOTED else 0, -width
