"""What rules a pair out before its exact look: the marks that the shingles of a text leave on a row of bits.

A bit that only one of two texts has set is a shingle that they do not share; with N shingles in both, repeats counted,
and d such bits, their Jaccard similarity is (N - d) / (N + d) at most. So nothing that is near is ruled out.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.shingles import Sizes, Small, shingled
from curate.duplicates.signatures import blocks, hashed

WIDTH = 1 << 10
"""Bits of a row: so many that few shingles share one."""
LEAST = 64
"""Characters that a text counts for at least when rows are made: it bounds how many are made at once."""
CHUNK = 1 << 14
"""Pairs that are looked at at once."""
ROUNDING = 1e-6


class Marks:
    """The marks of texts, made when a pair first asks for them."""

    def __init__(self, texts: pl.Series, size: int | Sizes, threads: int = 1) -> None:
        self.texts, self.size, self.threads = texts, size, threads
        self.rows = np.zeros((len(texts), WIDTH // 8), np.uint8)
        self.counts = np.full(len(texts), -1, np.int32)
        """Shingles of each text; below 0 where its marks are not made."""

    def able(self, pairs: npt.NDArray[np.int64], floor: float) -> npt.NDArray[np.bool_]:
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

        def work(block: tuple[int, int]) -> None:
            start, end = block
            codes, offsets = shingled(texts.slice(start, end - start), self.size)
            counts = np.diff(offsets)
            board = np.zeros((end - start, WIDTH), bool)
            board[np.repeat(np.arange(end - start), counts), hashed(codes) % WIDTH] = True
            self.rows[new[start:end]], self.counts[new[start:end]] = np.packbits(board, axis=1), counts

        with ThreadPoolExecutor(self.threads) as pool:
            for _ in pool.map(work, blocks(texts, LEAST)):
                pass


def ones(bits: Small) -> npt.NDArray[np.int64]:
    """How many bits of each row are set; a row is a multiple of four bytes."""
    return np.bitwise_count(np.ascontiguousarray(bits).view(np.uint32)).sum(axis=1, dtype=np.int64)
