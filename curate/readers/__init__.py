"""Raw files into raw rows: one reader a file, found by its file name. Readers know nothing of conversations."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from schemas.record import Frozen


@dataclass(frozen=True, slots=True)
class Row:
    """One raw row. `number` counts rows of the file from 1, the header not among them.

    `fields` are the columns (every scalar as the string that stood in the file), or None where the row cannot be
    read; then `fault` is the reason, in snake_case.
    """

    number: int
    fields: dict[str, Any] | None
    fault: str | None = None


class Reader(Frozen):
    """Reads one layout of file. The fields are its settings in the recipe."""

    suffixes: ClassVar[tuple[str, ...]]
    """File name endings, with the dot, without that of a compression."""
    binary: ClassVar[bool] = False
    """True where the layout brings its own encoding (xlsx): `rows` is then given bytes."""

    def rows(self, content: Any) -> Iterator[Row]:
        """The rows of the decoded text (str), or of the bytes where `binary`."""
        raise NotImplementedError
