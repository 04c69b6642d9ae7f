"""How a table of text is written: what stands between cells, around them and at the end of a row, and what escapes."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from curate.reading.readers import is_blank
from curate.reading.readers._batch_escapes import unescaped

SPAN = 5_000
"""Lines that one row may have; more is a lost quotation mark."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
PLAIN = ("\t", ",", ";", "|")
"""Delimiters of one character that the csv module takes as they are."""
WITHOUT_MARKS = str.maketrans("", "", "".join(PLAIN) + '"')
UNQUOTED = ("\t", "|")
"""Delimiters that come without quoting unless the table says otherwise."""
DELIMITER, BREAK = "\ufdd0", "\ufdd1"
"""Stand for a delimiter of several characters, and for a line feed inside of a cell: no text has these two."""
ESCAPED = 0xF0000
"""Added to a character behind a backslash: what then stands in no text."""
HIDDEN = re.compile(f"[{BREAK}{DELIMITER}{chr(ESCAPED)}-{chr(ESCAPED + 0xFFFD)}]")
ESCAPE = re.compile(r"\\([^\U00010000-\U0010ffff])", re.DOTALL)
MEANS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a"}
"""What MySQL writes as a backslash and a letter."""
NULL = chr(ESCAPED + ord("N"))
"""A cell that is `\\N` and nothing else: it stays so, and is a written null."""
BACKSLASHES = re.compile(r"(\\+)(?:\r\n|\r|\n)?\Z")


class Dialect(NamedTuple):
    """One way to write a table of text."""

    delimiter: str
    quoted: bool
    trusted: bool = False
    """Whether the recipe says that cells are quoted."""
    escaped: bool = False
    """Whether a backslash takes the meaning of the next character away, or gives it one: MySQL's way."""
    ends: str = ""
    """What alone ends a row, where other line ends stand bare inside cells; empty where each of them ends one."""
    batch: bool = False
    """Whether line feeds, tabs and backslashes in cells are written as `mysql --batch` does."""

    def table(self, lines: "Lines") -> Iterator[list[str]]:
        """Read the cells of each row. Raises csv.Error for a row whose quoting is broken; the next one can be read."""
        is_plain = not self.escaped and not self.ends and len(self.delimiter) == 1
        reader = csv.reader(
            lines if is_plain else _Disguised(lines, self),
            delimiter=self.delimiter if len(self.delimiter) == 1 else DELIMITER,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            strict=True,
        )
        rows = reader if is_plain else _Revealed(reader, self.delimiter)
        return unescaped(rows) if self.batch else rows


class Lines:
    """Lines of a text, with their ends, that can be taken back to the start of the row being read."""

    def __init__(self, blocks: Iterator[str], ends: str = "") -> None:
        self._coming = chain.from_iterable(map(_cut, blocks)) if not ends else _cut_at(blocks, ends)
        self._again: deque[str] = deque()
        self._ends = ends
        self.row: list[str] = []
        """The lines of the row being read."""
        self.number = 1
        """The physical line on which it begins, from 1."""

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._coming)
        self.row.append(line)
        if len(self.row) > SPAN:
            raise csv.Error("a row of too many lines")
        return line

    def begin(self) -> None:
        """Mark the start of a row."""
        self.number += sum(len(LINE.findall(line)) for line in self.row) if self._ends else len(self.row)
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


def _cut_at(blocks: Iterator[str], ends: str) -> Iterator[str]:
    """Cut a text at one kind of line end only, wherever its blocks end."""
    rest = ""
    for block in blocks:
        *lines, rest = (rest + block).split(ends)
        yield from (f"{line}{ends}" for line in lines)
    if rest:
        yield rest


class _Disguised:
    """Lines as the csv module can read them: what it does not know is written in characters that no text has."""

    def __init__(self, lines: Lines, dialect: Dialect) -> None:
        self._lines = lines
        self._dialect = dialect

    def __iter__(self) -> "_Disguised":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if self._dialect.escaped:
            while (run := BACKSLASHES.search(line)) and len(run[1]) % 2 and run.end(1) < len(line):
                following = next(self._lines, "")  # the escaped end of a line is none
                if not following:
                    break
                line += following
            line = ESCAPE.sub(lambda match: chr(ESCAPED + ord(match[1])), line)
        if self._dialect.batch:
            line = line.replace("\r\\n", "\\n")  # the one half of a line end that is not escaped
        if ends := self._dialect.ends:
            body = line.removesuffix(ends)
            line = body.replace("\r\n", BREAK).replace("\n", BREAK).replace("\r", BREAK) + line[len(body) :]
        if len(self._dialect.delimiter) > 1:
            line = line.replace(self._dialect.delimiter, DELIMITER)
        return line


class _Revealed:
    """Rows of cells in which everything is again what it was, and escaped characters are what they mean."""

    def __init__(self, rows: Iterator[list[str]], delimiter: str) -> None:
        self._rows = rows
        self._shown = {BREAK: "\n", DELIMITER: delimiter}

    def __iter__(self) -> "_Revealed":
        return self

    def __next__(self) -> list[str]:
        return [HIDDEN.sub(self._reveal, cell) if cell != NULL else r"\N" for cell in next(self._rows)]

    def _reveal(self, match: re.Match[str]) -> str:
        mark = match[0]
        if mark in self._shown:
            return self._shown[mark]
        letter = chr(ord(mark) - ESCAPED)
        return MEANS.get(letter, letter)


def first_rows(sample: str, dialect: Dialect, limit: int) -> list[tuple[int, list[str]]]:
    """Read the first rows of a text in which anything is written, each with the line on which it begins; up to one
    whose quoting is broken.
    """
    lines = Lines(iter((sample,)), dialect.ends)
    table: Any = dialect.table(lines)
    rows: list[tuple[int, list[str]]] = []
    while len(rows) < limit:
        lines.begin()
        try:
            cells = next(table)
        except (StopIteration, csv.Error):
            break
        if not is_bare(cells):
            rows.append((lines.number, cells))
    return rows


def is_bare(cells: list[str]) -> bool:
    """Tell whether nothing is written in a row, whatever the delimiter, or only which one that is: Excel's `sep=;`."""
    bare = [cell.translate(WITHOUT_MARKS) for cell in cells]
    return is_blank(bare) or (bare[0].strip().lower() == "sep=" and is_blank(bare[1:]))
