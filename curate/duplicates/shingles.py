"""Texts as sets of shingles: windows of characters, wider ones in Latin script.

A shingle is written down exactly, as one number: no two are taken for the same.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Codes = npt.NDArray[np.uint64]
Offsets = npt.NDArray[np.int64]
Points = npt.NDArray[np.uint32]
Small = npt.NDArray[np.uint8]

NARROW = 0x250
"""Code points below are Latin where they are letters or digits; five or six of ten bits each make one number."""
SPACE, WIDE, LATIN = 0, 1, 2
CLASSES = np.array([LATIN if chr(point).isalnum() else WIDE for point in range(NARROW)] + [WIDE], np.uint8)
CLASSES[ord(" ")] = SPACE
BITS = np.array([0, 21, 10], np.uint64)
"""Bits of a code point by class: none (a gap), wide, Latin."""
TAG = np.uint64(1 << 63)
"""Marks the number of a Latin shingle."""
LONGEST = 6
"""Characters of the widest window: what one number holds."""


@dataclass(frozen=True)
class Sizes:
    """Characters of a shingle: of Han and all else, and of Latin letters and digits.

    A Latin window stays within its word; another one goes on into what follows. What is left of a text at the
    beginning of a run, and is shorter than the window, is a shingle too: so is a text that is shorter, itself. Without
    `latin` all characters are alike, spaces too.
    """

    han: int = 2
    latin: int | None = 5


class Shingled(NamedTuple):
    """The shingles of many texts in a row; those of text n stand from offsets[n] to offsets[n + 1]. Repeats stay."""

    codes: Codes
    offsets: Offsets


def shingles(text: str, size: int | Sizes) -> frozenset[str]:
    """The set of shingles of a text, as text."""
    _, widths = _windows(code_points(text), np.array([0, len(text)]), _sizes(size))
    return frozenset(text[at : at + width] for at, width in enumerate(widths.tolist()) if width)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared over all; 0 for two empty sets: nothing in common is no likeness."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def shingled(texts: pl.Series, size: int | Sizes) -> Shingled:
    """The shingles of all texts, as numbers."""
    sizes = _sizes(size)
    ends = np.concatenate([[0], np.cumsum(texts.str.len_chars().to_numpy(), dtype=np.int64)])
    points = code_points(texts.str.join("").item())
    kinds, widths = _windows(points, ends, sizes)
    begun = np.flatnonzero(widths)
    return Shingled(_packed(points, kinds, widths, sizes)[begun], np.searchsorted(begun, ends))


def code_points(text: str) -> Points:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _sizes(size: int | Sizes) -> Sizes:
    return size if isinstance(size, Sizes) else Sizes(size, None)


def _windows(points: Points, ends: Offsets, sizes: Sizes) -> tuple[Small, Small]:
    """The class of every character, and how wide a shingle begins there; 0 where none does."""
    edges = np.zeros(len(points) + 1, bool)
    edges[ends] = True
    if sizes.latin is None:
        left, han = _left(edges), np.uint8(sizes.han)
        return np.full(len(points), WIDE, np.uint8), np.where(left >= han, han, left * edges[:-1])
    kinds = np.take(CLASSES, points, mode="clip")
    words = edges.copy()
    words[1:-1] |= kinds[1:] != kinds[:-1]
    edges[:-1] |= kinds == SPACE
    left = np.where(kinds == LATIN, _left(words), _left(edges))
    wanted = np.take(np.array([0, sizes.han, sizes.latin], np.uint8), kinds, mode="clip")
    return kinds, np.where(left >= wanted, wanted, left * words[:-1])


def _left(edges: npt.NDArray[np.bool_]) -> Small:
    """How many characters there are from each place to the end of its piece, or LONGEST; every edge begins a piece."""
    count = len(edges) - 1
    inside = np.concatenate([~edges, np.zeros(LONGEST, bool)])
    goes_on = np.ones(count, bool)
    left = np.ones(count, np.uint8)
    for n in range(1, LONGEST):
        goes_on &= inside[n : n + count]
        left += goes_on
    return left


def _packed(points: Points, kinds: Small, widths: Small, sizes: Sizes) -> Codes:
    """The number of the shingle that begins at each place, as wide as `widths` says."""
    padded = np.ones(len(points) + LONGEST, np.uint64)
    padded[: len(points)] += points
    codes = np.empty(len(points), np.uint64)
    if sizes.latin is None:
        _roll(padded, widths, BITS[WIDE], codes)
        return codes
    _roll(padded, widths * (kinds == WIDE), BITS[WIDE], codes)
    _roll(padded, widths * (kinds == LATIN), BITS[LATIN], codes)
    codes[kinds == LATIN] |= TAG
    return codes


def _roll(padded: Codes, widths: Small, bits: np.uint64, codes: Codes) -> None:
    """Writes the numbers of the windows of the given widths."""
    rolled = padded[: len(codes)].copy()
    for width in range(1, int(widths.max(initial=0)) + 1):
        np.copyto(codes, rolled, where=widths == width)
        rolled <<= bits
        rolled |= padded[width : width + len(codes)]
