"""MinHash signatures: bit-identical to those of `datasketch.MinHash` with its `affine32` permutations; a test holds it.

What is kept of a signature is the low byte of each value, its sketch: bands of it propose pairs, all of it tells what
is not worth an exact look. Two values that differ share a low byte once in 256 times; the exact look sorts it out.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.shingles import Codes, Joined, Sizes, shingled
from curate.system.parallel import HERE, Cores

PERMUTATIONS = 128
FOUND = 0.988
"""How surely a pair at the limit is proposed: it decides how many values make a band."""
BLOCK = 1 << 16
"""Shingles worked on at once: what fits the second-level cache."""
PIECE = 8 * BLOCK
"""Characters that are signed in one go, here or in another process."""
EMPTY = np.uint32(0xFFFFFFFF)
"""Every value of a text without a shingle."""
MIX = np.uint64(0x9E3779B97F4A7C15)

Lengths = npt.NDArray[np.integer]
Words32 = npt.NDArray[np.uint32]
Sketch = npt.NDArray[np.uint8]


def sketches(texts: pl.Series, size: int | Sizes, cores: Cores = HERE) -> Sketch:
    """Shape (texts, PERMUTATIONS); the same with any number of cores. All ones for a text without a shingle."""
    out = np.empty((len(texts), PERMUTATIONS), np.uint8)
    spans = list(blocks(texts.str.len_chars().to_numpy(), PIECE))
    done = cores.each(_sketches, lambda span: (Joined.of(texts[slice(*span)]), size), spans)
    for (start, end), made in zip(spans, done, strict=True):
        out[start:end] = made
    return out


def _sketches(given: tuple[Joined, int | Sizes]) -> Sketch:
    texts, size = given
    out = np.empty((len(texts.ends) - 1, PERMUTATIONS), np.uint8)
    for start, end in blocks(np.diff(texts.ends)):
        out[start:end] = signatures(texts.part(start, end), size).astype(np.uint8).T
    return out


def rows_of_band(floor: float) -> int:
    """As many as still propose a pair at `floor` surely enough; the more, the fewer other pairs are proposed."""
    sure = (rows for rows in range(8, 1, -1) if 1 - (1 - floor**rows) ** (PERMUTATIONS // rows) >= FOUND)
    return next(sure, 1)


def band_keys(sketch: Sketch, band: int, rows: int) -> Codes:
    """One number of 32 bits for the band of each text."""
    first = min(band * rows, PERMUTATIONS - 8)
    words: Codes = np.ndarray(len(sketch), "<u8", np.ascontiguousarray(sketch), first, (PERMUTATIONS,))
    bits = np.uint64(8 * (band * rows - first)), np.uint64((1 << 8 * rows) - 1)
    return (((words >> bits[0]) & bits[1]) * MIX) >> np.uint64(32)


def blocks(lengths: Lengths, most: int = BLOCK, least: int = 1) -> Iterator[tuple[int, int]]:
    """Ranges of texts of about `most` characters, where each counts for `least` or more."""
    ends = np.cumsum(np.maximum(lengths, least), dtype=np.int64)
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        end = max(int(np.searchsorted(ends, before + most)), start + 1)
        yield start, end
        start = end


@cache
def permutations(count: int = PERMUTATIONS, seed: int = 1) -> tuple[Words32, Words32]:
    """The multipliers (odd) and offsets of datasketch's `affine32`."""
    draw = np.random.RandomState(seed)
    multipliers = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return multipliers, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def signatures(texts: Joined, size: int | Sizes) -> Words32:
    """Shape (PERMUTATIONS, texts). Texts without a shingle have all ones."""
    codes, offsets = shingled(texts, size)
    out = np.full((PERMUTATIONS, len(offsets) - 1), EMPTY, np.uint32)
    filled = np.flatnonzero(np.diff(offsets))
    if not len(filled):
        return out
    hashes, starts = mixed(hashed(codes)), offsets[filled]
    whole = len(filled) == len(offsets) - 1
    permuted = np.empty_like(hashes)
    for row, multiplier, offset in zip(out, *permutations(), strict=True):
        np.multiply(hashes, multiplier, out=permuted)
        np.add(permuted, offset, out=permuted)
        if whole:
            np.minimum.reduceat(permuted, starts, out=row)
        else:
            row[filled] = np.minimum.reduceat(permuted, starts)
    return out


def hashed(codes: Codes) -> Words32:
    """The 32-bit hash of each shingle that a MinHash is made of."""
    return (((codes ^ (codes >> np.uint64(29))) * MIX) >> np.uint64(32)).astype(np.uint32)


def mixed(hashes: Words32) -> Words32:
    """As datasketch mixes its input: with the finalizer of MurmurHash3."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    for shift, factor in ((13, 0x85EBCA6B), (16, 0xC2B2AE35)):
        mixed *= np.uint32(factor)
        mixed ^= mixed >> np.uint32(shift)
    return mixed
