"""Puts the rows of a table into the order in which they were said."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from curate.reading.clocks.moments import Moments
from curate.reading.clocks.steps import steps
from schemas.bilingual import NOTHING, Bilingual

EXCEPTIONS = 20
"""A file runs one way when it has that many times as many steps that way as the other."""


class RowOrder(NamedTuple):
    """`order` lists the rows as they were said; `refused` are those whose place cannot be known, with all rows of their
    sessions. `note` says what is uncertain, and how the times were read.
    """

    order: NDArray[np.int64]
    refused: NDArray[np.bool_]
    note: Bilingual


def row_order(moments: Moments, sessions: NDArray[np.int64], turns: pl.DataFrame) -> RowOrder:
    """Order turns by their moments; `sessions` has a number for the session of each, `turns` the row and the role.
    Those of one row stay together, in their order.

    Rows of one moment stay in their order; in a file that runs backwards they are turned round, like all others. A row
    without a readable moment keeps its place in a session that stands in order.
    """
    rank = _ranks(moments)
    up, down = steps(rank, sessions)
    if not up and not down:
        up, down = steps(rank, None)
    is_backwards = down > up * EXCEPTIONS
    is_forwards = not is_backwards and up >= down * EXCEPTIONS

    missing = np.isnan(rank)
    filled, refused = _filled(rank, sessions, backwards=is_backwards) if missing.any() else (rank, missing)
    row = turns["row"].rle_id().cast(pl.Int64).to_numpy()
    order = np.lexsort((np.arange(len(rank)), -row if is_backwards else row, filled))

    notes = [*moments.notes]
    if is_backwards:
        notes.append(Bilingual("the file runs from the newest row to the oldest", "文件从最新的一行排到最旧的一行"))
    if n := int(np.count_nonzero(missing & ~refused)):
        notes.append(Bilingual(f"{n} rows without a readable time keep their place", f"{n} 行没有可读的时间，位置不变"))
    if not is_backwards and not is_forwards and (n := _uncertain(rank, sessions, turns)):
        notes.append(
            Bilingual(
                f"{n} messages have the same time as one of the other side: their order is that of the file",
                f"{n} 条消息与对方的消息时间相同：按文件中的顺序排列",
            )
        )
    return RowOrder(order, refused, joined(notes))


def session_numbers(sessions: pl.Series) -> NDArray[np.int64]:
    """Number the sessions of rows, so that equal ones have one number."""
    return sessions.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()


def joined(notes: list[Bilingual]) -> Bilingual:
    """Put several notes into one."""
    if not notes:
        return NOTHING
    return Bilingual("; ".join(note.en for note in notes), "；".join(note.zh for note in notes))


def _ranks(moments: Moments) -> NDArray[np.float64]:
    """Rank the rows by all keys; NaN where the first has nothing."""
    first = moments.keys[0]
    if len(moments.keys) == 1:
        return first
    keys = [np.nan_to_num(key, nan=-np.inf) for key in moments.keys]
    order = np.lexsort(keys[::-1])
    is_new = np.zeros(len(order), dtype=bool)
    for key in keys:
        is_new[1:] |= key[order][1:] != key[order][:-1]
    rank = np.empty(len(order))
    rank[order] = np.cumsum(is_new)
    return np.where(np.isnan(first), np.nan, rank)


def _filled(
    rank: NDArray[np.float64], sessions: NDArray[np.int64], *, backwards: bool
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give a row without a moment that of the row before it in its session, in time; and tell which rows are refused
    because their session does not stand in order.
    """
    frame = pl.DataFrame({"session": sessions, "rank": rank}).with_columns(pl.col("rank").fill_nan(None))
    sign = -1 if backwards else 1
    stands = (pl.col("rank").drop_nulls().diff() * sign >= 0).all()
    fill = pl.col("rank").backward_fill().forward_fill() if backwards else pl.col("rank").forward_fill().backward_fill()
    filled = frame.with_columns(
        filled=fill.over("session"),
        is_whole=pl.col("rank").is_not_null().all().over("session"),
        stands=stands.over("session"),
    )
    refused = filled.select((~pl.col("is_whole") & ~pl.col("stands")) | pl.col("filled").is_null())
    return filled["filled"].fill_null(float("nan")).to_numpy(), refused.to_series().to_numpy()


def _uncertain(rank: NDArray[np.float64], sessions: NDArray[np.int64], turns: pl.DataFrame) -> int:
    """Count the messages of one moment and session, and of several rows, of which not all are of one side."""
    frame = turns.select("row", "role", session=sessions, rank=rank).filter(pl.col("rank").is_not_nan())
    sides, rows = (pl.col(column).n_unique().over("session", "rank") for column in ("role", "row"))
    return frame.filter((sides > 1) & (rows > 1)).height
