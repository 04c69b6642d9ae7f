"""Readers: from the text or the bytes of a raw file to its rows, for each layout of file.

One reader a file, found by its file name: a new file is a new reader. Readers do not import each other and know nothing
of conversations; what several need stands in modules whose names begin with `_`. A row that cannot be read is a row
with a fault, never an error. Start with `Reader` below, then `jsonl.py`.

Imports: reading.decoding.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import PrivateAttr

from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.record import Frozen

OnNote = Callable[[Bilingual], None]
"""Called with each sentence that a person should know about how a file was read."""


def unheard(_: Bilingual) -> None:
    """Take a note, and do nothing with it."""


class RawRow(NamedTuple):
    """One raw row.

    `number` is the physical line on which it begins, the sheet's own row number, or the number in a list, from 1: no
    two rows of a file have the same.
    `fields` are the columns (every scalar as the string that stood in the file), or None where the row cannot be
    read; then `fault` is the reason, in snake_case. `raw` is what stood in the file, as far as it is text.
    """

    number: int
    fields: dict[str, Any] | None
    fault: str | None = None
    raw: str = ""


class Reader(Frozen):
    """Reads files of one layout. The fields are its settings in the recipe."""

    title_zh: ClassVar[str]
    """What the docstring says first, in Chinese."""
    suffixes: ClassVar[tuple[str, ...]]
    """File name endings, with the dot, without that of a compression."""
    takes: ClassVar[Literal["blocks", "text", "bytes"]] = "blocks"
    """What `rows` is given: the decoded text in blocks that end at line feeds, all of it at once, or the bytes of a
    layout that brings its own encoding. Only the first has no limit of size.
    """

    _notes: list[Bilingual] = PrivateAttr(default_factory=list)

    @property
    def notes(self) -> list[Bilingual]:
        """What of the file was read in another way than it stands there; filled while rows are taken."""
        return self._notes

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        """Read the rows, and note what of the file they do not show. Raises InputError where the whole file is not what
        it should be.
        """
        raise NotImplementedError


WIDEST = 10_000
"""Columns that a table may have."""
LISTED = 12
"""Numbers that an error lists."""
UNSEEN = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
"""Marks without width."""
WRITTEN = re.compile(rf"[^\s{UNSEEN}]")
"""What a person sees: no space of any width, and no mark without one."""
INVISIBLE = re.compile(f"[{UNSEEN}]")


def check_width(columns: int) -> None:
    """Raise InputError for a table wider than any log."""
    if columns > WIDEST:
        raise InputError(
            f"the table has {columns} columns, which no log has; is the delimiter right?",
            f"表格有 {columns} 列，不像日志；分隔符对吗？",
        )


def is_blank(cells: Iterable[str]) -> bool:
    """Tell whether nothing is written in a row: exports put such rows in front of the header."""
    return not any(map(WRITTEN.search, cells))


def is_empty(fields: Mapping[str, Any]) -> bool:
    """Tell whether a row holds nothing: no text in which anything is written, and no other value."""
    return all(is_blank((value,)) if isinstance(value, str) else value in (None, [], {}) for value in fields.values())


def column_names(header: Iterable[str]) -> list[str]:
    """Read the names in a header, without marks that nobody sees; a cell without one is called after its number."""
    return [
        f"column_{number}" if is_blank((cell,)) else INVISIBLE.sub("", cell).strip()
        for number, cell in enumerate(header, start=1)
    ]


def listed(numbers: list[int]) -> str:
    """List the numbers in brackets, or the first of them where there are many."""
    return f"[{', '.join(map(str, numbers[:LISTED]))}{', …' * (len(numbers) > LISTED)}]"


def lines_of(blocks: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Split into physical lines with their numbers, without their ends; at line feeds only."""
    before = 0
    for block in blocks:
        lines = block.split("\n")
        if not lines[-1]:
            lines.pop()
        for number, line in enumerate(lines, start=before + 1):
            yield number, line.removesuffix("\r")
        before += len(lines)
