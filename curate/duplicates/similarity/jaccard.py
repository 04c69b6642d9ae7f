"""The exact Jaccard similarity of pairs of texts."""

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.minhash import blocks
from curate.duplicates.similarity.shingles import Codes, Joined, Sizes, shingled
from curate.system.parallel import HERE, Cores

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
    """Sorted, a set is as large as its row has changes; what two sets share is what is missing in a row of both."""
    texts, pairs, size = piece
    codes, ends = _shingled(texts, size)
    counts = np.diff(ends, prepend=0)
    filled = np.flatnonzero(counts[pairs].all(axis=1))
    longest = counts[pairs[filled]].max(axis=1)
    filled = filled[order := np.argsort(longest, kind="stable")]
    likeness = np.zeros(len(pairs))
    for start, end in blocks(longest[order]):
        some = filled[start:end]
        places, local = np.unique(pairs[some], return_inverse=True)
        at = (ends - counts)[places, None] + np.arange(longest[order[end - 1]])
        sets = codes[np.minimum(at, ends[places, None] - 1)]
        sizes = _distinct(sets)
        one, other = local.reshape(-1, 2).T
        every = _distinct(np.concatenate([sets[one], sets[other]], axis=1))
        likeness[some] = (sizes[one] + sizes[other] - every) / every
    return likeness


def _shingled(texts: Joined, size: int | Sizes) -> tuple[Codes, Places]:
    """The shingles of all texts, and where those of each end."""
    pieces = [shingled(texts.part(start, end), size) for start, end in blocks(np.diff(texts.ends))]
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(piece.offsets) for piece in pieces)])
    return np.concatenate([np.empty(0, np.uint64), *(piece.codes for piece in pieces)]), np.cumsum(counts)


def _distinct(rows: Codes) -> Places:
    """How many different values each row has; it is sorted for that, in place."""
    rows.sort(axis=1)
    return 1 + np.count_nonzero(rows[:, 1:] != rows[:, :-1], axis=1)
