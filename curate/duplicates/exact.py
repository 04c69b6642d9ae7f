"""The exact Jaccard similarity of pairs of texts."""

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.cores import HERE, Cores
from curate.duplicates.shingles import Joined, Sizes, shingled
from curate.duplicates.signatures import blocks

CHUNK = 1 << 12
"""Pairs that are looked at at once."""
Places = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]
"""Positions, shape (pairs, 2)."""
Piece = tuple[Joined, Pairs, int | Sizes]
"""Texts, pairs of their positions, and the size of a shingle."""


def jaccards(texts: pl.Series, pairs: Pairs, size: int | Sizes, cores: Cores = HERE) -> npt.NDArray[np.float64]:
    """The exact Jaccard similarity of each pair of positions; 0 where a text has no shingle."""
    starts = range(0, len(pairs), CHUNK)
    done = cores.each(_jaccards, lambda start: _piece(texts, pairs[start : start + CHUNK], size), starts)
    return np.concatenate([np.empty(0), *done])


def _piece(texts: pl.Series, pairs: Pairs, size: int | Sizes) -> Piece:
    places, local = np.unique(pairs, return_inverse=True)
    return Joined.of(texts.gather(places)), local.reshape(-1, 2), size


def _jaccards(piece: Piece) -> npt.NDArray[np.float64]:
    texts, pairs, size = piece
    sets = _sets(texts, size)
    both = pl.DataFrame({"one": sets.gather(pairs[:, 0]), "other": sets.gather(pairs[:, 1])})
    counts = both.select(
        shared=pl.col("one").list.set_intersection("other").list.len(),
        all=pl.col("one").list.len() + pl.col("other").list.len(),
    )
    shared, together = (counts[name].fill_null(0).cast(pl.Float64).to_numpy() for name in ("shared", "all"))
    return shared / np.maximum(together - shared, 1)


def _sets(texts: Joined, size: int | Sizes) -> pl.Series:
    """The set of shingles of each text as a list of numbers; null for a text that has none, as one of spaces."""
    pieces = [shingled(texts.part(start, end), size) for start, end in blocks(np.diff(texts.ends))]
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(piece.offsets) for piece in pieces)])
    codes = np.concatenate([np.empty(0, np.uint64), *(piece.codes for piece in pieces)])
    owners = pl.Series("owner", np.repeat(np.arange(len(counts)), counts)).set_sorted()
    grouped = pl.DataFrame([owners, pl.Series("code", codes)]).group_by("owner", maintain_order=True)
    sets = grouped.agg(pl.col("code").unique())["code"]
    if len(sets) == len(counts):
        return sets
    numbers = pl.DataFrame({"filled": counts > 0, "number": np.cumsum(counts > 0) - 1})
    return sets.gather(numbers.select(pl.when("filled").then("number")).to_series())
