"""JSON Lines: one object a line, split at line feeds only."""

from collections.abc import Iterator
from typing import Any, ClassVar

from curate.reading.readers import RawRow, Reader
from curate.reading.readers._json import rows_of_lines


class Jsonl(Reader):
    """Rows are counted as physical lines; empty lines are no rows."""

    title_zh: ClassVar[str] = "按物理行计行；空行不算"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")

    def rows(self, content: Any) -> Iterator[RawRow]:
        return rows_of_lines(content)
