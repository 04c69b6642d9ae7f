"""Which row of one version is which row of another: by content id, then by file and rows, then by its neighbours."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_

import polars as pl

from curate.history.fast_rows import FAST_ROWS, with_texts

COMPARED = ("messages", "kind", "lang", "tags")
"""What makes a row another one; where it came from and with whom it stands on one side of the split does not."""
MOVES = pl.Schema({"file": pl.Categorical(), "row": pl.Int64(), "by": pl.Int64(), "to": pl.Categorical()})
"""Where a row stood, how much further down it stands now, and in which file."""


@dataclass(frozen=True)
class RowMatches:
    """The rows of two versions. `left` and `right` are the pairs that differ; `removed` and `added` have no twin;
    `same` counts the pairs that are equal, by kind.
    """

    left: pl.DataFrame
    right: pl.DataFrame
    removed: pl.DataFrame
    added: pl.DataFrame
    same: Counter[str]


def match_rows(old: Iterable[pl.DataFrame], new: Iterable[pl.DataFrame]) -> RowMatches:
    """Pair the rows of two versions, given in frames of `fast_rows` by id; no row stands in two pairs.

    A pair is, in this order: the same raw conversation (its id); the same question from the same rows; the same
    question in the same file, where it is asked once; and what stands where the rows around it moved to.
    """
    same: Counter[str] = Counter()
    different, unmatched, moves = [], [], [pl.DataFrame(schema=MOVES)]

    # 1. by id: a range of ids at a time, so that never more than two shards are in memory
    for before, after in _ranges(old, new):
        pairs = _unique_pairs(before.with_row_index("old"), after.with_row_index("new"), ["id"])
        left, right = before[pairs["old"].to_list()], after[pairs["new"].to_list()]
        moves.append(_moves(left, right))
        different.append(_different(left, right, same))
        unmatched.append((_outside(before, pairs["old"]), _outside(after, pairs["new"])))

    # 2. what has no twin yet, by question and neighbours: it is little, and looked at as a whole
    empty = pl.DataFrame(schema=FAST_ROWS)
    removed, added = (pl.concat([empty, *(frames[side] for frames in unmatched)]) for side in (0, 1))
    pairs = _pairs_without_id(removed, added, pl.concat(moves))
    different.append(_different(removed[pairs["old"].to_list()], added[pairs["new"].to_list()], same))

    left, right = (pl.concat([empty, *(frames[side] for frames in different)]) for side in (0, 1))
    return RowMatches(left, right, _outside(removed, pairs["old"]), _outside(added, pairs["new"]), same)


def _ranges(old: Iterable[pl.DataFrame], new: Iterable[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Cut both into frames of the same range of ids, so that never more than two frames of either are in memory."""
    empty = pl.DataFrame(schema=FAST_ROWS)
    frames = iter(old), iter(new)
    waiting = [next(side, empty) for side in frames]
    while any(frame.height for frame in waiting):
        # Up to the smaller of the two last ids both sides are complete.
        bound = min(frame["id"][-1] for frame in waiting if frame.height)
        ends = [frame["id"].search_sorted(bound, side="right") for frame in waiting]
        yield waiting[0].head(ends[0]), waiting[1].head(ends[1])
        for side, end in enumerate(ends):
            rest = waiting[side].slice(end)
            waiting[side] = rest if rest.height else next(frames[side], empty)


def _different(left: pl.DataFrame, right: pl.DataFrame, same: Counter[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Select the pairs that differ, and count the others."""
    is_same = reduce(and_, (left[name] == right[name] for name in COMPARED))
    same.update(dict(right.filter(is_same)["kind"].value_counts().iter_rows()))
    return left.filter(~is_same), right.filter(~is_same)


def _outside(rows: pl.DataFrame, indices: pl.Series) -> pl.DataFrame:
    return rows.filter(~pl.int_range(pl.len()).is_in(indices.implode()))


def _moves(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Note for each pair how far its raw row moved: a frame with MOVES."""
    by = right["row"] - left["row"]
    moved = pl.DataFrame({"file": left["file"], "row": left["row"], "by": by, "to": right["file"]})
    return moved.filter(pl.col("row").is_not_null()).cast(MOVES)


def _pairs_without_id(removed: pl.DataFrame, added: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Pair rows that have no id in common: their indices, as `old` and `new`."""
    columns = ("id", "file", "rows", "row", "messages")
    left = with_texts(removed.select(columns).with_row_index("old"))
    right = with_texts(added.select(columns).with_row_index("new"))
    has_rows = pl.col("row").is_not_null()

    # 1. the same question from the same raw rows, then the same question in the same file
    by_question = []
    for keys, among in ((["file", "rows", "question"], has_rows), (["file", "question"], pl.lit(True))):
        pairs = _unique_pairs(left.filter(among), right.filter(among), keys)
        left, right = _without(left, right, pairs)
        by_question.append(pairs)

    # 2. the row that stands where this one would be, had it moved as far as the one before it
    matched = pl.concat(by_question)
    more_moves = _moves(removed[matched["old"].to_list()], added[matched["new"].to_list()])
    moved = _where_it_moved(left.filter(has_rows), pl.concat([moves, more_moves]))
    return pl.concat([matched, _unique_pairs(moved, right.filter(has_rows), ["file", "row"])])


def _unique_pairs(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Pair the rows of equal keys that stand once on either side."""
    if left.is_empty() or right.is_empty():
        return pl.DataFrame(schema={"old": pl.UInt32, "new": pl.UInt32})
    once = pl.struct(keys).is_unique() if len(keys) > 1 else pl.col(keys[0]).is_unique()
    return left.filter(once).join(right.filter(once), on=keys).select("old", "new")


def _without(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return left.join(pairs, on="old", how="anti"), right.join(pairs, on="new", how="anti")


def _where_it_moved(left: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Change `row` to what it would be in the newer file: as far off as the matched row before it."""
    if left.is_empty():
        return left.select("old", "file", "row")
    steady = (
        moves.filter(pl.col("file") == pl.col("to")).select(pl.col("file").cast(pl.String), "row", "by").sort("row")
    )
    moved = left.sort("row").join_asof(steady, on="row", by="file", strategy="backward", check_sortedness=False)
    return moved.select("old", "file", row=pl.col("row") + pl.col("by").fill_null(0))
