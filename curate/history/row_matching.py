"""Which row of one version is which row of another: by content id, then by file and rows, then by its neighbours."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_

import polars as pl

from curate.history.fast_rows import LIGHT, with_texts

LOOKED_AT = ("messages", "kind", "lang", "tags")
"""What makes a row another one; where it came from and with whom it stands on one side of the split does not."""
MOVES = pl.Schema({"file": pl.Categorical(), "row": pl.Int64(), "by": pl.Int64(), "to": pl.Categorical()})
"""Where a row stood, how much further down it stands now, and in which file."""


@dataclass(frozen=True)
class Beside:
    """Two versions beside each other. `left` and `right` are the pairs that differ, `gone` and `come` have no twin;
    `same` counts the pairs that are equal by kind.
    """

    left: pl.DataFrame
    right: pl.DataFrame
    gone: pl.DataFrame
    come: pl.DataFrame
    same: Counter[str]


def beside(old: Iterable[pl.DataFrame], new: Iterable[pl.DataFrame]) -> Beside:
    """Pairs the rows of two versions, given in pieces of `light_rows` by id; no row stands in two pairs.

    A pair is, in this order: the same raw conversation (its id); the same question from the same rows; the same
    question in the same file, where it is asked once; and what stands where the rows around it moved to.
    """
    same: Counter[str] = Counter()
    pairs, rest, moves = [], [], [pl.DataFrame(schema=MOVES)]
    for one, other in _ranges(old, new):
        found = _matched(one.with_row_index("old"), other.with_row_index("new"), ["id"])
        left, right = one[found["old"].to_list()], other[found["new"].to_list()]
        moves.append(_moves(left, right))
        pairs.append(_different(left, right, same))
        rest.append((_outside(one, found["old"]), _outside(other, found["new"])))
    empty = pl.DataFrame(schema=LIGHT)
    gone, come = (pl.concat([empty, *(piece[side] for piece in rest)]) for side in (0, 1))
    found = _paired(gone, come, pl.concat(moves))
    pairs.append(_different(gone[found["old"].to_list()], come[found["new"].to_list()], same))
    left, right = (pl.concat([empty, *(pair[side] for pair in pairs)]) for side in (0, 1))
    return Beside(left, right, _outside(gone, found["old"]), _outside(come, found["new"]), same)


def _ranges(old: Iterable[pl.DataFrame], new: Iterable[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Pieces of both with the same range of ids, so that never more than two pieces of either are in memory."""
    empty = pl.DataFrame(schema=LIGHT)
    pieces = iter(old), iter(new)
    waiting = [next(more, empty) for more in pieces]
    while any(piece.height for piece in waiting):
        bound = min(piece["id"][-1] for piece in waiting if piece.height)
        ends = [piece["id"].search_sorted(bound, side="right") for piece in waiting]
        yield waiting[0].head(ends[0]), waiting[1].head(ends[1])
        for side, end in enumerate(ends):
            left = waiting[side].slice(end)
            waiting[side] = left if left.height else next(pieces[side], empty)


def _different(left: pl.DataFrame, right: pl.DataFrame, same: Counter[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pairs that differ; the others are counted."""
    is_same = reduce(and_, (left[name] == right[name] for name in LOOKED_AT))
    same.update(dict(right.filter(is_same)["kind"].value_counts().iter_rows()))
    return left.filter(~is_same), right.filter(~is_same)


def _outside(rows: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    return rows.filter(~pl.int_range(pl.len()).is_in(places.implode()))


def _moves(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    by = right["row"] - left["row"]
    moved = pl.DataFrame({"file": left["file"], "row": left["row"], "by": by, "to": right["file"]})
    return moved.filter(pl.col("row").is_not_null()).cast(MOVES)


def _paired(gone: pl.DataFrame, come: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Pairs of places, `old` and `new`, among rows that have no id in common."""
    columns = ("id", "file", "rows", "row", "messages")
    left = with_texts(gone.select(columns).with_row_index("old"))
    right = with_texts(come.select(columns).with_row_index("new"))
    has_rows = pl.col("row").is_not_null()
    found = []
    for keys, among in ((["file", "rows", "question"], has_rows), (["file", "question"], pl.lit(True))):
        pairs = _matched(left.filter(among), right.filter(among), keys)
        left, right = _without(left, right, pairs)
        found.append(pairs)
    known = pl.concat(found)
    moves = pl.concat([moves, _moves(gone[known["old"].to_list()], come[known["new"].to_list()])])
    moved = _where_it_moved(left.filter(has_rows), moves)
    return pl.concat([known, _matched(moved, right.filter(has_rows), ["file", "row"])])


def _matched(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The pairs of equal keys that stand once on either side."""
    if left.is_empty() or right.is_empty():
        return pl.DataFrame(schema={"old": pl.UInt32, "new": pl.UInt32})
    once = pl.struct(keys).is_unique() if len(keys) > 1 else pl.col(keys[0]).is_unique()
    return left.filter(once).join(right.filter(once), on=keys).select("old", "new")


def _without(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return left.join(pairs, on="old", how="anti"), right.join(pairs, on="new", how="anti")


def _where_it_moved(left: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """The rows with `row` as it would be in the newer file: as far off as the matched row before them."""
    if left.is_empty():
        return left.select("old", "file", "row")
    steady = (
        moves.filter(pl.col("file") == pl.col("to")).select(pl.col("file").cast(pl.String), "row", "by").sort("row")
    )
    told = left.sort("row").join_asof(steady, on="row", by="file", strategy="backward", check_sortedness=False)
    return told.select("old", "file", row=pl.col("row") + pl.col("by").fill_null(0))
