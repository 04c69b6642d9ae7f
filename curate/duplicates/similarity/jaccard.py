"""The exact Jaccard similarity of pairs of texts."""

import numpy as np
import polars as pl

from curate.duplicates.similarity.arrays import Codes, Indices, Numbers, Offsets, Pairs
from curate.duplicates.similarity.minhash import chunks_of_texts
from curate.duplicates.similarity.shingles import JoinedTexts, ShingleSizes, encode_shingles
from curate.system.parallel import SERIAL, Cores

CHUNK = 1 << 12
"""Pairs that are measured at once."""
PairBatch = tuple[JoinedTexts, Pairs, int | ShingleSizes]
"""Texts, pairs of their indices, and the size of a shingle."""


def jaccards(texts: pl.Series, pairs: Pairs, size: int | ShingleSizes, cores: Cores = SERIAL) -> Numbers:
    """Measure the exact Jaccard similarity of each pair of indices; 0 where a text has no shingle."""
    starts = range(0, len(pairs), CHUNK)
    measured = cores.map(_jaccards, lambda start: _pair_batch(texts, pairs[start : start + CHUNK], size), starts)
    return np.concatenate([np.empty(0), *measured])


def _pair_batch(texts: pl.Series, pairs: Pairs, size: int | ShingleSizes) -> PairBatch:
    """Pack the texts of some pairs, each once, and number the pairs by them: that is all another process needs."""
    indices, local = np.unique(pairs, return_inverse=True)
    return JoinedTexts.of(texts.gather(indices)), local.reshape(-1, 2), size


def _jaccards(batch: PairBatch) -> Numbers:
    """Measure a batch: |A ∩ B| / |A ∪ B|, with |A ∩ B| = |A| + |B| - |A ∪ B|.

    A set is a row of shingles, padded with its last one. A sorted row holds one distinct shingle more
    than it has changes of value; for the rows of both texts side by side that number is |A ∪ B|.
    """
    texts, pairs, size = batch
    codes, ends = _encode_all(texts, size)
    counts = np.diff(ends, prepend=0)

    # shortest pairs first, so that the rows of a chunk are about equally long and little of them is padding
    filled = np.flatnonzero(counts[pairs].all(axis=1))
    longest = counts[pairs[filled]].max(axis=1)
    filled = filled[order := np.argsort(longest, kind="stable")]

    similarity = np.zeros(len(pairs))
    for start, end in chunks_of_texts(longest[order]):
        chunk = filled[start:end]
        indices, local = np.unique(pairs[chunk], return_inverse=True)

        # one row of codes for each text of the chunk
        columns = (ends - counts)[indices, None] + np.arange(longest[order[end - 1]])
        sets = codes[np.minimum(columns, ends[indices, None] - 1)]

        sizes = _count_distinct(sets)
        first, second = local.reshape(-1, 2).T
        union_sizes = _count_distinct(np.concatenate([sets[first], sets[second]], axis=1))
        similarity[chunk] = (sizes[first] + sizes[second] - union_sizes) / union_sizes
    return similarity


def _encode_all(texts: JoinedTexts, size: int | ShingleSizes) -> tuple[Codes, Offsets]:
    """Encode the shingles of all texts; the second array says where those of each text end."""
    chunks = [encode_shingles(texts.slice(start, end), size) for start, end in chunks_of_texts(np.diff(texts.ends))]
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(chunk.offsets) for chunk in chunks)])
    return np.concatenate([np.empty(0, np.uint64), *(chunk.codes for chunk in chunks)]), np.cumsum(counts)


def _count_distinct(rows: Codes) -> Indices:
    """Count the different values of each row, which is sorted for that, in place."""
    rows.sort(axis=1)
    return 1 + np.count_nonzero(rows[:, 1:] != rows[:, :-1], axis=1)
