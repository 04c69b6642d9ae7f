"""Raw files into raw rows: one reader a file, found by its file name. Readers know nothing of conversations."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, NamedTuple

from schemas.errors import InputError
from schemas.record import Frozen


class Row(NamedTuple):
    """One raw row.

    `number` is the physical line on which it begins, the sheet's own row number, or the place in a list, from 1: no two
    rows of a file have the same.
    `fields` are the columns (every scalar as the string that stood in the file), or None where the row cannot be
    read; then `fault` is the reason, in snake_case. `raw` is what stood in the file, as far as it is text.
    """

    number: int
    fields: dict[str, Any] | None
    fault: str | None = None
    raw: str = ""


class Reader(Frozen):
    """Reads one layout of file. The fields are its settings in the recipe."""

    title_zh: ClassVar[str]
    """What the docstring says first, in Chinese."""
    suffixes: ClassVar[tuple[str, ...]]
    """File name endings, with the dot, without that of a compression."""
    takes: ClassVar[Literal["blocks", "text", "bytes"]] = "blocks"
    """What `rows` is given: the decoded text in pieces that end at line feeds, all of it at once, or the bytes of a
    layout that brings its own encoding. Only the first has no limit of size.
    """

    def rows(self, content: Any) -> Iterator[Row]:
        """The rows. Raises InputError where the whole file is not what it should be."""
        raise NotImplementedError


WIDEST = 10_000
"""Columns that a table may have."""
LISTED = 12
"""Places that an error lists."""


def check_width(columns: int) -> None:
    """Raises InputError for a table wider than any log."""
    if columns > WIDEST:
        raise InputError(
            f"the table has {columns} columns, which no log has; is the delimiter right?",
            f"表格有 {columns} 列，不像日志；分隔符对吗？",
        )


def listed(places: list[int]) -> str:
    """The places in brackets, the first of them where there are many."""
    return f"[{', '.join(map(str, places[:LISTED]))}{', …' * (len(places) > LISTED)}]"


def lines_of(blocks: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Physical lines with their numbers, without their ends; split at line feeds only."""
    before = 0
    for block in blocks:
        lines = block.split("\n")
        if not lines[-1]:
            lines.pop()
        for number, line in enumerate(lines, start=before + 1):
            yield number, line.removesuffix("\r")
        before += len(lines)
