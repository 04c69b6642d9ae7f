"""The exact Jaccard similarity of pairs of texts."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.shingles import Sizes, shingled
from curate.duplicates.signatures import blocks

CHUNK = 1 << 12
"""Pairs that are looked at at once."""
Pairs = npt.NDArray[np.int64]
"""Positions, shape (pairs, 2)."""


def jaccards(texts: pl.Series, pairs: Pairs, size: int | Sizes, threads: int = 1) -> npt.NDArray[np.float64]:
    """The exact Jaccard similarity of each pair of positions."""
    chunks = [pairs[start:end] for start, end in pairwise([*range(0, len(pairs), CHUNK), len(pairs)])]
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(lambda chunk: _jaccards(texts, chunk, size), chunks))
    return np.concatenate([np.empty(0), *done])


def _jaccards(texts: pl.Series, pairs: Pairs, size: int | Sizes) -> npt.NDArray[np.float64]:
    places, local = np.unique(pairs, return_inverse=True)
    sets = _sets(texts.gather(places), size)
    one, other = local.reshape(-1, 2).T
    both = pl.DataFrame({"one": sets.gather(one), "other": sets.gather(other)})
    counts = both.select(
        shared=pl.col("one").list.set_intersection("other").list.len(),
        all=pl.col("one").list.len() + pl.col("other").list.len(),
    )
    shared, together = (counts[name].cast(pl.Float64).to_numpy() for name in ("shared", "all"))
    return shared / np.maximum(together - shared, 1)


def _sets(texts: pl.Series, size: int | Sizes) -> pl.Series:
    """The set of shingles of each text as a list of numbers; all of them have at least one."""
    pieces = [shingled(texts.slice(start, end - start), size) for start, end in blocks(texts)]
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(piece.offsets) for piece in pieces)])
    codes = np.concatenate([np.empty(0, np.uint64), *(piece.codes for piece in pieces)])
    owners = pl.Series("owner", np.repeat(np.arange(len(texts)), counts)).set_sorted()
    grouped = pl.DataFrame([owners, pl.Series("code", codes)]).group_by("owner", maintain_order=True)
    return grouped.agg(pl.col("code").unique())["code"]
