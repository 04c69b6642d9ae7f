"""Texts as sets of shingles: windows of characters, wider ones in Latin script.

A shingle is written down exactly, as one number: no two are taken for the same.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

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
FEW = np.uint64((1 << 10) - 1)
"""The bits of a Latin character."""
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


class Joined(NamedTuple):
    """Many texts as one, and where each begins and the last one ends, in characters: much quicker to hand on."""

    text: str
    ends: Offsets

    @classmethod
    def of(cls, texts: pl.Series) -> Self:
        ends = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(texts.str.len_chars().to_numpy(), out=ends[1:])
        return cls(texts.str.join("").item() if len(texts) else "", ends)

    def part(self, start: int, end: int) -> "Joined":
        """The texts from one to before another."""
        ends = self.ends[start : end + 1]
        return Joined(self.text[ends[0] : ends[-1]], ends - ends[0])


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


def shingled(texts: Joined, size: int | Sizes) -> Shingled:
    """The shingles of all texts, as numbers."""
    points, sizes = code_points(texts.text), _sizes(size)
    kinds, widths = _windows(points, texts.ends, sizes)
    begun = np.flatnonzero(widths)
    return Shingled(_packed(points, kinds, widths, begun, sizes), np.searchsorted(begun, texts.ends))


def code_points(text: str) -> Points:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _sizes(size: int | Sizes) -> Sizes:
    return size if isinstance(size, Sizes) else Sizes(size, None)


def _windows(points: Points, ends: Offsets, sizes: Sizes) -> tuple[Small | None, Small]:
    """The class of every character (None where it does not matter), and how wide a shingle begins there; 0 for none."""
    edges = np.zeros(len(points) + 1, bool)
    edges[ends] = True
    if sizes.latin is None:
        left, han = _left(edges, sizes.han), np.uint8(sizes.han)
        return None, np.minimum(left, han) * (edges[:-1] | (left >= han))
    kinds = CLASSES.take(points, mode="clip")
    words = edges.copy()
    words[1:-1] |= kinds[1:] != kinds[:-1]
    edges[:-1] |= kinds == SPACE
    latin, wide = _left(words, sizes.latin), _left(edges, sizes.han)
    latin *= kinds == LATIN
    wide *= kinds == WIDE
    whole = (latin >= sizes.latin) | (wide >= sizes.han) | words[:-1]
    return kinds, (latin + wide) * whole


def _left(edges: npt.NDArray[np.bool_], most: int) -> Small:
    """How many characters there are from each place to the end of its piece, or `most`; every edge begins a piece."""
    count = len(edges) - 1
    inside = np.concatenate([~edges, np.zeros(most, bool)])
    goes_on = np.ones(count, bool)
    left = np.ones(count, np.uint8)
    for n in range(1, most):
        goes_on &= inside[n : n + count]
        left += goes_on
    return left


def _packed(points: Points, kinds: Small | None, widths: Small, begun: Offsets, sizes: Sizes) -> Codes:
    """The numbers of the shingles that begin at `begun`, as wide as `widths` says."""
    padded = np.ones(len(points) + LONGEST, np.uint64)
    padded[: len(points)] += points
    widths = widths[begun]
    codes = _rolled(padded, begun, widths, (sizes.han, BITS[WIDE]))
    if kinds is None or sizes.latin is None:
        return codes
    latin = np.flatnonzero(kinds[begun] == LATIN)
    if len(latin):
        padded &= FEW
        codes[latin] = TAG | _rolled(padded, begun[latin], widths[latin], (sizes.latin, BITS[LATIN]))
    return codes


def _rolled(padded: Codes, begun: Offsets, widths: Small, full: tuple[int, np.uint64]) -> Codes:
    """The number of each window: the leading characters of the number of a full one, where it is less wide."""
    width, bits = full
    count = len(padded) - LONGEST
    rolled = padded[:count].copy()
    for n in range(1, width):
        rolled <<= bits
        rolled |= padded[n : n + count]
    codes = rolled[begun]
    short = np.flatnonzero(widths < width)
    codes[short] >>= (width - widths[short]) * bits
    return codes
