"""Makes turns of a whole table, where a session may stand apart: in order, with the speakers settled."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from curate.reading.clocks.moments import read_moments
from curate.reading.clocks.row_order import row_order, session_numbers
from curate.reading.clocks.time_gaps import cut_at_gaps
from curate.reading.speakers import settle
from schemas.bilingual import NOTHING, Bilingual
from schemas.formats._sessions import InSessions, TimeColumns
from schemas.formats.turns import NAMELESS, Turns

ROUNDED = r"^[1-9][0-9]{14,16}00+$"
"""An id of 17 to 19 digits that a program read as a number: what stands behind the fifteenth is lost."""
LONG = r"^[1-9][0-9]{16,18}$"
SEVERAL = 3
"""Ids of which all end so, before that is no chance."""


@dataclass
class WholeTable:
    """The turns of a table. `refused` lists the rows that cannot be read after all, each with the reason; `order` and
    `speakers` say how the rows were ordered, and who is the agent.
    """

    turns: pl.DataFrame
    refused: list[tuple[int, str]] = field(default_factory=list)
    order: Bilingual = NOTHING
    speakers: Bilingual = NOTHING

    def put_in_order(self, cells: list[tuple[str, ...]], table: InSessions, time: TimeColumns) -> None:
        """Put the turns into the order of their times, which stand in `cells`; sessions by silence where no column has
        them.
        """
        columns = [pl.Series(column, dtype=pl.String) for column in zip(*cells, strict=True)]
        moments = read_moments(columns, session_numbers(self.turns["session"]), time)
        if isinstance(table, Turns) and table.session is None:
            is_unread = np.isnan(moments.seconds)
            self.turns = cut_at_gaps(self.turns, pl.Series(moments.seconds).fill_nan(None), table.gap)
            self.refuse(pl.Series(is_unread), "no_time")
            moments = moments.chosen(~is_unread)
        order = row_order(moments, session_numbers(self.turns["session"]), self.turns)
        self.order = order.note
        self.turns = self.turns[order.order]
        self.refuse(pl.Series(order.refused[order.order]), "no_time")

    def refuse_rounded(self) -> None:
        """Refuse the turns of sessions whose ids have lost their last digits: two of them may have become one."""
        sessions = self.turns["session"]
        ids = sessions.unique()
        long = ids.filter(ids.str.contains(LONG))
        if long.len() >= SEVERAL and long.str.contains(ROUNDED).all():
            self.refuse(sessions.str.contains(LONG), "shortened_id")

    def settle_speakers(self) -> None:
        """Find out who is the agent; a turn whose speaker stays unknown is refused."""
        self.turns, self.speakers = settle(self.turns)
        self.refuse(self.turns["role"].str.starts_with(NAMELESS), "unknown_role")

    def refuse(self, unread: pl.Series, reason: str) -> None:
        """Take turns out."""
        if unread.any():
            self.refused += [(number, reason) for number in self.turns.filter(unread)["row"].to_list()]
            self.turns = self.turns.filter(~unread)


def whole_table(turns: pl.DataFrame, cells: list[tuple[str, ...]], table: InSessions) -> WholeTable:
    """Order turns by the cells of their times, one tuple a turn, and settle who speaks."""
    whole = WholeTable(turns)
    if table.time and turns.height:
        whole.put_in_order(cells, table, table.time)
    whole.refuse_rounded()
    whole.settle_speakers()
    return whole
