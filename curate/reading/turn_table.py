"""Columns of turns while they are collected from the rows of a file."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from curate.reading.readers import RawRow
from curate.reading.written_nulls import without_written_nulls
from schemas.formats import Draft
from schemas.formats._beside import BESIDE
from schemas.formats._sessions import InSessions

TURNS = pl.Schema([("row", pl.Int64()), ("session", pl.String()), ("role", pl.String()), ("text", pl.String())])
"""Turns in the order they were said; `session` is empty where a row is a session itself."""


class PairColumns:
    """Questions and answers that stand in a row as they are to be read. The short way of most rows of large files:
    what it takes is what `Pairs.read` would say.
    """

    def __init__(self) -> None:
        self.filled: Counter[str] = Counter()
        """In how many of the rows taken at once each column is filled that is not read."""
        self._numbers: list[int] = []
        self._texts: list[str] = []
        self._blocks: list[pl.DataFrame] = []

    def __len__(self) -> int:
        return len(self._numbers) + sum(block.height for block in self._blocks) // 2

    def take(self, numbers: NDArray[np.int64], texts: pl.Series, filled: Mapping[str, int]) -> None:
        """Take many rows at once: `texts` has the question and the answer of each; in how many a column that is not
        read is filled stands in `filled`.
        """
        self.filled.update(filled)
        self._blocks.append(pl.DataFrame({"row": np.repeat(numbers, 2), "text": texts}))

    def others(
        self, rows: Iterator[RawRow], question_column: str, answer_column: str, see: Callable[[Mapping[str, Any]], None]
    ) -> Iterator[RawRow]:
        """Take the rows in which both columns are texts, the question is not blank and nothing stands beside that
        changes what is learnt, and yield all others. What a row that is taken holds more is shown to `see`.
        """
        take_number, take_text = self._numbers.append, self._texts.append
        for row in rows:
            number, fields, _, _ = row
            if type(fields) is dict and BESIDE.isdisjoint(fields):
                question, answer = fields.get(question_column), fields.get(answer_column)
                if type(question) is str and type(answer) is str and question and not question.isspace():
                    take_number(number)
                    take_text(question)
                    take_text(answer)
                    if len(fields) > 2:
                        see(fields)
                    continue
            yield row

    def frame(self) -> pl.DataFrame:
        """Build the turns of all rows taken, in the order of their numbers, with the columns of TURNS."""
        single = pl.DataFrame(
            {
                "row": np.repeat(np.array(self._numbers, dtype=np.int64), 2),
                "text": pl.Series(self._texts, dtype=pl.String),
            }
        )
        turns = pl.concat([*self._blocks, single], rechunk=True)
        if self._blocks and self._numbers:
            turns = turns.sort("row", maintain_order=True)

        # Each row is two turns, the question first: the roles alternate.
        roles = pl.Series(["user", "assistant"]).gather(np.arange(turns.height) % 2)
        return turns.select("row", session=pl.lit(None, pl.String), role=roles, text="text")


class TurnTable:
    """Columns of turns while they are collected; with times where rows of sessions have them."""

    def __init__(self, table: InSessions | None, *, keep_rows: bool = False, nulls: Counter[str] | None = None) -> None:
        """`keep_rows` keeps the rows as they stood in the file in `rows`, each with its number; `nulls` counts the
        written nulls that `frame` empties.
        """
        self._nulls: Counter[str] = Counter() if nulls is None else nulls
        self._keeps_rows = keep_rows
        self.rows: list[tuple[int, Mapping[str, Any]]] = []
        self.own_columns = table.own_columns() if table else frozenset[str]()
        self._timed = table if table is not None and table.time else None
        self.plain = PairColumns()
        self.numbers: list[int] = []
        self.sessions: list[str | None] = []
        self.roles: list[str] = []
        self.texts: list[str] = []
        self.times: list[tuple[str, ...]] = []
        """The cells of the time of each turn."""
        self.faults: list[tuple[int, str]] = []

    def take(self, row: RawRow, draft: Draft) -> None:
        """Take the turns of one row."""
        session, turns = draft
        if session == "":  # a cell merged with those below it: its id stands in the first row only
            session = self.sessions[-1] if self.sessions else None
        for role, text in turns:
            self.numbers.append(row.number)
            self.sessions.append(session)
            self.roles.append(role)
            self.texts.append(text)
        if self._keeps_rows and row.fields:
            self.rows.append((row.number, row.fields))
        if self._timed and row.fields:
            self.times += [self._timed.times(row.fields)] * len(turns)

    def frame(self) -> pl.DataFrame:
        """Build the turns of all rows taken, with the columns of TURNS; written nulls are empty."""
        return without_written_nulls(self._all_turns(), self._nulls)

    def _all_turns(self) -> pl.DataFrame:
        turns = pl.DataFrame([self.numbers, self.sessions, self.roles, self.texts], schema=TURNS)
        if not len(self.plain):
            return turns
        plain = self.plain.frame()
        return pl.concat([plain, turns]).sort("row", maintain_order=True) if turns.height else plain
