"""MinHash signatures: bit-identical to those of `datasketch.MinHash` with its `affine32` permutations; a test holds it.

What is kept of a signature is the low byte of each value, its sketch: bands of it propose pairs, all of it tells what
is not worth an exact measure. Two values that differ share a low byte once in 256 times; the exact measure sorts those
out.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.arrays import Codes, Sketch
from curate.duplicates.similarity.shingles import JoinedTexts, ShingleSizes, encode_shingles
from curate.system.parallel import SERIAL, Cores

PERMUTATIONS = 128
RECALL = 0.988
"""The probability with which a pair at the limit is proposed: it decides how many values make a band."""
BLOCK = 1 << 16
"""Shingles hashed at once: what fits the second-level cache."""
BATCH = 8 * BLOCK
"""Characters that are signed in one go, here or in another process."""
EMPTY = np.uint32(0xFFFFFFFF)
"""Every value of a text without a shingle."""
FIBONACCI = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: multiplying by it spreads close numbers over all high bits (Knuth, TAOCP 3, 6.4)."""

Lengths = npt.NDArray[np.integer]
Hashes = npt.NDArray[np.uint32]


def sketches(texts: pl.Series, size: int | ShingleSizes, cores: Cores = SERIAL) -> Sketch:
    """Sketch every text: shape (texts, PERMUTATIONS); the same with any number of cores.

    The sketch of a text without a shingle is all ones.
    """
    out = np.empty((len(texts), PERMUTATIONS), np.uint8)
    spans = list(chunks_of_texts(texts.str.len_chars().to_numpy(), BATCH))
    signed = cores.map(_sketches, lambda span: (JoinedTexts.of(texts[slice(*span)]), size), spans)
    for (start, end), batch in zip(spans, signed, strict=True):
        out[start:end] = batch
    return out


def _sketches(batch: tuple[JoinedTexts, int | ShingleSizes]) -> Sketch:
    texts, size = batch
    out = np.empty((len(texts.ends) - 1, PERMUTATIONS), np.uint8)
    for start, end in chunks_of_texts(np.diff(texts.ends)):
        out[start:end] = signatures(texts.slice(start, end), size).astype(np.uint8).T
    return out


def rows_per_band(floor: float) -> int:
    """Choose how many values make a band: the most that still propose a pair at `floor` with RECALL.

    A value agrees with probability s, the Jaccard similarity; one of b bands of r values with 1 - (1 - s^r)^b
    (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4). The more values, the fewer other pairs are proposed.
    """
    sure = (rows for rows in range(8, 1, -1) if 1 - (1 - floor**rows) ** (PERMUTATIONS // rows) >= RECALL)
    return next(sure, 1)


def band_keys(sketch: Sketch, band: int, rows: int) -> Codes:
    """Hash the band of each text to a number of 32 bits."""
    # a window of eight bytes over the band, moved back where it would reach beyond the row
    first = min(band * rows, PERMUTATIONS - 8)
    window: Codes = np.ndarray(len(sketch), "<u8", np.ascontiguousarray(sketch), first, (PERMUTATIONS,))
    shift, mask = np.uint64(8 * (band * rows - first)), np.uint64((1 << 8 * rows) - 1)
    return (((window >> shift) & mask) * FIBONACCI) >> np.uint64(32)


def chunks_of_texts(lengths: Lengths, size: int = BLOCK, min_length: int = 1) -> Iterator[tuple[int, int]]:
    """Cut texts into ranges of about `size` characters, where each text counts for `min_length` or more."""
    ends = np.cumsum(np.maximum(lengths, min_length), dtype=np.int64)
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        end = max(int(np.searchsorted(ends, before + size)), start + 1)
        yield start, end
        start = end


@cache
def permutations(count: int = PERMUTATIONS, seed: int = 1) -> tuple[Hashes, Hashes]:
    """The multipliers (odd) and offsets of datasketch's `affine32`."""
    draw = np.random.RandomState(seed)
    multipliers = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return multipliers, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def signatures(texts: JoinedTexts, size: int | ShingleSizes) -> Hashes:
    """Sign every text: shape (PERMUTATIONS, texts). Texts without a shingle have all ones.

    Row p holds min over the shingles of a text of (a_p * hash + b_p) mod 2^32 (Broder 1997): two texts agree in it with
    the probability that is their Jaccard similarity.
    """
    codes, offsets = encode_shingles(texts, size)
    out = np.full((PERMUTATIONS, len(offsets) - 1), EMPTY, np.uint32)
    filled = np.flatnonzero(np.diff(offsets))
    if not len(filled):
        return out

    hashes, starts = murmur_mix(hash_shingles(codes)), offsets[filled]
    whole = len(filled) == len(offsets) - 1

    # uint32 wraps around by itself: that is the modulus
    permuted = np.empty_like(hashes)
    for row, multiplier, offset in zip(out, *permutations(), strict=True):
        np.multiply(hashes, multiplier, out=permuted)
        np.add(permuted, offset, out=permuted)
        if whole:
            np.minimum.reduceat(permuted, starts, out=row)
        else:
            row[filled] = np.minimum.reduceat(permuted, starts)
    return out


def hash_shingles(codes: Codes) -> Hashes:
    """Hash each shingle to the 32 bits that a MinHash starts from."""
    return (((codes ^ (codes >> np.uint64(29))) * FIBONACCI) >> np.uint64(32)).astype(np.uint32)


def murmur_mix(hashes: Hashes) -> Hashes:
    """Mix hashes as datasketch mixes its input: with the finalizer of MurmurHash3."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    for shift, factor in ((13, 0x85EBCA6B), (16, 0xC2B2AE35)):
        mixed *= np.uint32(factor)
        mixed ^= mixed >> np.uint32(shift)
    return mixed
