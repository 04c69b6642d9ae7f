"""What rules a pair out before its exact look: the marks that the shingles of a text leave on a row of bits.

A bit that only one of two texts has set is a shingle that they do not share; with N shingles in both, repeats counted,
and d such bits, their Jaccard similarity is (N - d) / (N + d) at most. So nothing that is near is ruled out.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.jaccard import Pairs
from curate.duplicates.similarity.minhash import PIECE, blocks, hashed
from curate.duplicates.similarity.shingles import Joined, Sizes, Small, shingled
from curate.system.parallel import HERE, Cores

WIDTH = 1 << 10
"""Bits of a row: so many that few shingles share one."""
LEAST = 64
"""Characters that a text counts for at least when rows are made: it bounds how many are made at once."""
CHUNK = 1 << 14
"""Pairs that are looked at at once."""
ROUNDING = 1e-6


class Marks:
    """The marks of texts, made when a pair first asks for them."""

    def __init__(self, texts: pl.Series, size: int | Sizes, cores: Cores = HERE) -> None:
        self.texts, self.size, self.cores = texts, size, cores
        self.rows = np.zeros((len(texts), WIDTH // 8), np.uint8)
        self.counts = np.full(len(texts), -1, np.int32)
        """Shingles of each text; below 0 where its marks are not made."""

    def able(self, pairs: Pairs, floor: float) -> npt.NDArray[np.bool_]:
        """Which pairs of positions could reach the floor."""
        self._make(np.unique(pairs))
        able = np.empty(len(pairs), bool)
        for start in range(0, len(pairs), CHUNK):
            one, other = pairs[start : start + CHUNK].T
            every = self.counts[one] + self.counts[other]
            apart = ones(self.rows.take(one, axis=0) ^ self.rows.take(other, axis=0))
            able[start : start + CHUNK] = every - apart >= floor * (every + apart) - ROUNDING
        return able

    def _make(self, places: npt.NDArray[np.int64]) -> None:
        new = places[self.counts[places] < 0]
        texts = self.texts.gather(new)
        spans = list(blocks(texts.str.len_chars().to_numpy(), PIECE, LEAST))
        done = self.cores.each(_marked, lambda span: (Joined.of(texts[slice(*span)]), self.size), spans)
        for (start, end), (rows, counts) in zip(spans, done, strict=True):
            self.rows[new[start:end]], self.counts[new[start:end]] = rows, counts


def _marked(given: tuple[Joined, int | Sizes]) -> tuple[Small, npt.NDArray[np.int64]]:
    texts, size = given
    lengths = np.diff(texts.ends)
    rows, every = np.empty((len(lengths), WIDTH // 8), np.uint8), np.empty(len(lengths), np.int64)
    for start, end in blocks(lengths, least=LEAST):
        codes, offsets = shingled(texts.part(start, end), size)
        counts = np.diff(offsets)
        board = np.zeros((end - start, WIDTH), bool)
        board[np.repeat(np.arange(end - start), counts), hashed(codes) % WIDTH] = True
        rows[start:end], every[start:end] = np.packbits(board, axis=1), counts
    return rows, every


def ones(bits: Small) -> npt.NDArray[np.int64]:
    """How many bits of each row are set; a row is a multiple of four bytes."""
    counts = np.bitwise_count(np.ascontiguousarray(bits).view(np.uint32 if bits.shape[1] % 8 else np.uint64))
    every = np.zeros(len(bits), np.int64)
    for column in counts.T:  # numpy sums short rows five times slower
        every += column
    return every
