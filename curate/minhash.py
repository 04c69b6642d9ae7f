"""MinHash over character n-grams, in numpy: it proposes pairs, exact Jaccard similarity decides.

The signatures are bit-identical to those of `datasketch.MinHash` with its `affine32` permutations; a test holds it.
A text shorter than n is one shingle, itself; an empty text has none and never matches anything.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

PERMUTATIONS = 128
BANDS = 32
"""Bands of four rows: a pair at Jaccard 0.65 is proposed with 0.997, at 0.5 with 0.87, at 0.2 with 0.05."""
BLOCK = 1 << 16
"""Shingles worked on at once: what fits the second-level cache."""
EMPTY = np.uint32(0xFFFFFFFF)
MIX = np.uint64(0x9E3779B97F4A7C15)

Words32 = npt.NDArray[np.uint32]


class Pair(NamedTuple):
    """Two positions, the smaller first, and their exact Jaccard similarity."""

    first: int
    second: int
    jaccard: float


def near_pairs(texts: Sequence[str], threshold: float, size: int) -> list[Pair]:
    """The pairs of texts whose sets of character n-grams (n = `size`) have at least this Jaccard similarity."""
    shingled = [shingles(text, size) for text in texts]
    pairs = (
        Pair(int(first), int(second), jaccard(shingled[first], shingled[second]))
        for first, second in _candidates(signatures(texts, size))
    )
    return [pair for pair in pairs if pair.jaccard >= threshold]


def shingles(text: str, size: int) -> frozenset[str]:
    """The set of n-grams of a text; the text itself where it is shorter."""
    if len(text) < size:
        return frozenset([text] if text else [])
    return frozenset(text[n : n + size] for n in range(len(text) - size + 1))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared over all; 0 for two empty sets: nothing in common is no likeness."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def permutations(count: int = PERMUTATIONS, seed: int = 1) -> tuple[Words32, Words32]:
    """The multipliers (odd) and offsets of datasketch's `affine32`."""
    draw = np.random.RandomState(seed)
    multipliers = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return multipliers, draw.randint(0, 1 << 32, count, dtype=np.uint32)


def signatures(texts: Sequence[str], size: int) -> Words32:
    """Shape (permutations, texts), uint32. Texts without a shingle have all ones."""
    out = np.full((PERMUTATIONS, len(texts)), EMPTY, np.uint32)
    if not texts:
        return out
    multipliers, offsets = permutations()
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    for chosen in _blocks(lengths):
        hashes, starts = _hashes([texts[n] for n in chosen], size)
        if not len(starts):
            continue
        filled = np.array([n for n in chosen if texts[n]])
        permuted = np.empty_like(hashes)
        for number in range(PERMUTATIONS):
            np.multiply(hashes, multipliers[number], out=permuted)
            np.add(permuted, offsets[number], out=permuted)
            out[number, filled] = np.minimum.reduceat(permuted, starts)
    return out


def _blocks(lengths: npt.NDArray[np.int64]) -> Iterator[range]:
    """Ranges of texts of about BLOCK characters."""
    edges = np.searchsorted(np.cumsum(lengths), np.arange(BLOCK, int(lengths.sum()) + BLOCK, BLOCK)) + 1
    cuts = sorted({0, *(int(edge) for edge in edges if edge < len(lengths)), len(lengths)})
    yield from (range(start, end) for start, end in pairwise(cuts))


def _hashes(texts: Sequence[str], size: int) -> tuple[Words32, npt.NDArray[np.int64]]:
    """One 32-bit hash per shingle of all texts in a row, and where each text that has any begins."""
    short = {n: _rolled(code_points(text), len(text)) for n, text in enumerate(texts) if 0 < len(text) < size}
    rolled = _rolled(code_points("".join(texts)), size)
    pieces: list[Words32] = []
    starts: list[int] = []
    begin = filled = 0
    for n, text in enumerate(texts):
        piece = short.get(n) if n in short else rolled[begin : begin + max(0, len(text) - size + 1)]
        begin += len(text)
        if piece is not None and len(piece):
            pieces.append(piece)
            starts.append(filled)
            filled += len(piece)
    return (np.concatenate(pieces) if pieces else np.empty(0, np.uint32)), np.array(starts, np.int64)


def _rolled(points: Words32, size: int) -> Words32:
    """The hash of every window, mixed as datasketch mixes its input: with the finalizer of MurmurHash3."""
    mixed = window_hashes(points, size)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed ^= mixed >> np.uint32(shift)
        mixed *= np.uint32(factor)
    return mixed ^ (mixed >> np.uint32(16))


def window_hashes(points: Words32, size: int) -> Words32:
    """A 32-bit hash of every window of `size` code points."""
    count = max(len(points) - size + 1, 0)
    state = np.zeros(count, np.uint64)
    for n in range(size):
        state += points[n : n + count]
        state += np.uint64(1)
        state *= MIX
    return (state >> np.uint64(32)).astype(np.uint32)


def code_points(text: str) -> Words32:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _candidates(signed: Words32) -> npt.NDArray[np.int64]:
    """Pairs of positions that agree in a whole band: the first of a bucket with each other one, and neighbours."""
    rows = PERMUTATIONS // BANDS
    filled = np.nonzero((signed != EMPTY).any(axis=0))[0]
    found: list[npt.NDArray[np.int64]] = [np.empty((0, 2), np.int64)]
    for band in range(BANDS):
        part = signed[band * rows : (band + 1) * rows, filled].astype(np.uint64)
        key = np.zeros(len(filled), np.uint64)
        for row in part:
            key = (key ^ row) * MIX
            key ^= key >> np.uint64(29)
        order = np.argsort(key, kind="stable")
        same = key[order][1:] == key[order][:-1]
        if not same.any():
            continue
        ranked = filled[order]
        heads = ranked[np.maximum.accumulate(np.where(np.concatenate([[True], ~same]), np.arange(len(order)), 0))]
        later, before = ranked[1:][same], ranked[:-1][same]
        found += [np.stack([heads[1:][same], later], 1), np.stack([before, later], 1)]
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
