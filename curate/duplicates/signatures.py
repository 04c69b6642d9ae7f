"""MinHash signatures: bit-identical to those of `datasketch.MinHash` with its `affine32` permutations; a test holds it.

What is kept of a signature is the low byte of each value, its sketch: bands of it propose pairs, all of it tells what
is not worth an exact look. Two values that differ share a low byte once in 256 times; the exact look sorts it out.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.shingles import Codes, Sizes, shingled

PERMUTATIONS = 128
FOUND = 0.988
"""How surely a pair at the limit is proposed: it decides how many values make a band."""
BLOCK = 1 << 16
"""Shingles worked on at once: what fits the second-level cache."""
EMPTY = np.uint32(0xFFFFFFFF)
"""Every value of a text without a shingle."""
MIX = np.uint64(0x9E3779B97F4A7C15)

Words32 = npt.NDArray[np.uint32]
Sketch = npt.NDArray[np.uint8]


def sketches(texts: pl.Series, size: int | Sizes, threads: int = 1) -> Sketch:
    """Shape (texts, PERMUTATIONS); the same with any number of threads. All ones for a text without a shingle."""
    out = np.empty((len(texts), PERMUTATIONS), np.uint8)

    def work(block: tuple[int, int]) -> None:
        start, end = block
        out[start:end] = signatures(texts.slice(start, end - start), size).astype(np.uint8).T

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, blocks(texts)):
            pass
    return out


def rows_of_band(floor: float) -> int:
    """As many as still propose a pair at `floor` surely enough; the more, the fewer other pairs are proposed."""
    sure = (rows for rows in range(8, 1, -1) if 1 - (1 - floor**rows) ** (PERMUTATIONS // rows) >= FOUND)
    return next(sure, 1)


def band_keys(sketch: Sketch, band: int, rows: int) -> Codes:
    """One number of 32 bits for the band of each text."""
    padded = np.zeros((len(sketch), 8), np.uint8)
    padded[:, 8 - rows :] = sketch[:, band * rows : (band + 1) * rows]
    keys = padded.view(">u8")[:, 0].astype(np.uint64)
    return (keys * MIX) >> np.uint64(32)


def blocks(texts: pl.Series, least: int = 1) -> Iterator[tuple[int, int]]:
    """Ranges of texts of about BLOCK characters, where each counts for `least` or more."""
    ends = np.cumsum(np.maximum(texts.str.len_chars().to_numpy(), least), dtype=np.int64)
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        end = max(int(np.searchsorted(ends, before + BLOCK)), start + 1)
        yield start, end
        start = end


def permutations(count: int = PERMUTATIONS, seed: int = 1) -> tuple[Words32, Words32]:
    """The multipliers (odd) and offsets of datasketch's `affine32`."""
    draw = np.random.RandomState(seed)
    multipliers = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return multipliers, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def signatures(texts: pl.Series, size: int | Sizes) -> Words32:
    """Shape (PERMUTATIONS, texts). Texts without a shingle have all ones."""
    codes, offsets = shingled(texts, size)
    out = np.full((PERMUTATIONS, len(texts)), EMPTY, np.uint32)
    filled = np.flatnonzero(np.diff(offsets))
    if not len(filled):
        return out
    hashes, starts = mixed(hashed(codes)), offsets[filled]
    whole = len(filled) == len(texts)
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
