"""JSON Lines: one object a line, split at line feeds only."""

from collections.abc import Iterator
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, unheard
from curate.reading.readers._flat import FlatRows
from curate.reading.readers._json import rows_of_lines
from curate.reading.readers._prefixed_json import behind_prefix
from curate.reading.readers._talks import Talks, turn_rows


class Jsonl(Reader):
    """Rows are counted as physical lines; empty lines are no rows.

    `turns` makes each message of a list in every line a row, with the column `_talk` as its session. `flat` makes
    columns of the objects in a line: `text.content`. With `prefixed`, each object stands at the end of a line of a
    program's log; lines without one are no rows of it.
    """

    title_zh: ClassVar[str] = "按物理行计行；空行不算"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")

    turns: Talks | None = None
    flat: FlatRows | None = None
    prefixed: bool = False

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        rows = behind_prefix(content, self.notes.append) if self.prefixed else rows_of_lines(content)
        if self.flat is not None:
            return self.flat.rows(rows)
        return rows if self.turns is None else turn_rows(rows, self.turns)
