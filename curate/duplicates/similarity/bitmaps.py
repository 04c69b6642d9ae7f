"""Rules pairs out before their exact measure, by the bits that the shingles of each text set in a bitmap.

A bit that only one of two texts has set is a shingle that they do not share; with N shingles in both, repeats counted,
and d such bits, their Jaccard similarity is (N - d) / (N + d) at most. So nothing that is near is ruled out.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.arrays import Bytes, Indices, Mask, Pairs
from curate.duplicates.similarity.minhash import BATCH, chunks_of_texts, hash_shingles
from curate.duplicates.similarity.shingles import JoinedTexts, ShingleSizes, encode_shingles
from curate.system.parallel import SERIAL, Cores

WIDTH = 1 << 10
"""Bits of a bitmap: so many that few shingles share one."""
MIN_LENGTH = 64
"""Characters that a text counts for at least when bitmaps are built: it bounds how many are built at once."""
CHUNK = 1 << 14
"""Pairs that are compared at once."""
ROUNDING = 1e-6
"""What a computed similarity may be off by."""


class ShingleBitmaps:
    """The bitmaps of texts, each built when a pair first needs it."""

    def __init__(self, texts: pl.Series, size: int | ShingleSizes, cores: Cores = SERIAL) -> None:
        self.texts, self.size, self.cores = texts, size, cores
        self.bitmaps = np.zeros((len(texts), WIDTH // 8), np.uint8)
        self.counts = np.full(len(texts), -1, np.int32)
        """Shingles of each text; below 0 where its bitmap is not built."""

    def may_reach(self, pairs: Pairs, floor: float) -> Mask:
        """Tell which pairs of indices could reach the floor."""
        self._build(np.unique(pairs))
        possible = np.empty(len(pairs), bool)
        for start in range(0, len(pairs), CHUNK):
            first, second = pairs[start : start + CHUNK].T
            total = self.counts[first] + self.counts[second]
            differing = popcount(self.bitmaps.take(first, axis=0) ^ self.bitmaps.take(second, axis=0))
            # (N - d) / (N + d) >= floor, without the division
            enough = total - differing >= floor * (total + differing) - ROUNDING
            possible[start : start + CHUNK] = enough
        return possible

    def _build(self, indices: Indices) -> None:
        """Build the bitmaps that are not there yet."""
        new = indices[self.counts[indices] < 0]
        texts = self.texts.gather(new)
        spans = list(chunks_of_texts(texts.str.len_chars().to_numpy(), BATCH, MIN_LENGTH))
        built = self.cores.map(_bitmaps, lambda span: (JoinedTexts.of(texts[slice(*span)]), self.size), spans)
        for (start, end), (bitmaps, counts) in zip(spans, built, strict=True):
            self.bitmaps[new[start:end]], self.counts[new[start:end]] = bitmaps, counts


def _bitmaps(batch: tuple[JoinedTexts, int | ShingleSizes]) -> tuple[Bytes, Indices]:
    """Build the bitmaps of a batch of texts, and count the shingles of each, repeats included."""
    texts, size = batch
    lengths = np.diff(texts.ends)
    bitmaps, totals = np.empty((len(lengths), WIDTH // 8), np.uint8), np.empty(len(lengths), np.int64)
    for start, end in chunks_of_texts(lengths, min_length=MIN_LENGTH):
        codes, offsets = encode_shingles(texts.slice(start, end), size)
        counts = np.diff(offsets)
        bits = np.zeros((end - start, WIDTH), bool)
        bits[np.repeat(np.arange(end - start), counts), hash_shingles(codes) % WIDTH] = True
        bitmaps[start:end], totals[start:end] = np.packbits(bits, axis=1), counts
    return bitmaps, totals


def popcount(bits: Bytes) -> npt.NDArray[np.int64]:
    """Count the bits that are set in each row; a row is a multiple of four bytes."""
    counts = np.bitwise_count(np.ascontiguousarray(bits).view(np.uint32 if bits.shape[1] % 8 else np.uint64))
    totals = np.zeros(len(bits), np.int64)
    for column in counts.T:  # numpy sums short rows five times slower
        totals += column
    return totals
