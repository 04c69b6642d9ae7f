"""Texts as sets of shingles: windows of characters, wider ones in Latin script.

A shingle is written down exactly, as one number: no two are taken for the same.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.arrays import Bytes, Codes, Offsets

CodePoints = npt.NDArray[np.uint32]

LATIN_END = 0x250
"""Code points below are Latin where they are letters or digits; five or six of ten bits each make one number."""
SPACE, WIDE, LATIN = 0, 1, 2
CLASSES = np.array([LATIN if chr(point).isalnum() else WIDE for point in range(LATIN_END)] + [WIDE], np.uint8)
CLASSES[ord(" ")] = SPACE
BITS = np.array([0, 21, 10], np.uint64)
"""Bits of a code point by class: none (a gap), wide, Latin."""
LATIN_MASK = np.uint64((1 << 10) - 1)
"""The bits of a Latin character."""
LATIN_TAG = np.uint64(1 << 63)
"""Marks the number of a Latin shingle."""
MAX_WIDTH = 6
"""Characters of the widest window: what one number holds."""


@dataclass(frozen=True)
class ShingleSizes:
    """Characters of a shingle: of Han and all else, and of Latin letters and digits.

    A Latin window stays within its word; another one goes on into what follows. What is left of a text at the
    beginning of a run, and is shorter than the window, is a shingle too: so is a text that is shorter, itself. Without
    `latin` all characters are treated alike, spaces too.
    """

    han: int = 2
    latin: int | None = 5


SIZES = ShingleSizes()
"""How texts are cut where duplicates, contradictions and contamination are looked for."""


class JoinedTexts(NamedTuple):
    """Many texts as one, and where each begins and the last one ends, in characters: much quicker to hand on."""

    text: str
    ends: Offsets

    @classmethod
    def of(cls, texts: pl.Series) -> Self:
        ends = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(texts.str.len_chars().to_numpy(), out=ends[1:])
        return cls(texts.str.join("").item() if len(texts) else "", ends)

    def slice(self, start: int, end: int) -> "JoinedTexts":
        """Take the texts from one to before another."""
        ends = self.ends[start : end + 1]
        return JoinedTexts(self.text[ends[0] : ends[-1]], ends - ends[0])


class EncodedShingles(NamedTuple):
    """The shingles of many texts in a row; those of text n stand from offsets[n] to offsets[n + 1]. Repeats stay."""

    codes: Codes
    offsets: Offsets


def shingles(text: str, size: int | ShingleSizes) -> frozenset[str]:
    """Cut a text into its set of shingles, as text."""
    _, widths = _windows(code_points(text), np.array([0, len(text)]), _sizes(size))
    return frozenset(text[start : start + width] for start, width in enumerate(widths.tolist()) if width)


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Divide what two sets share by all that they hold; 0 for two empty sets: nothing in common is no similarity."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared) if shared else 0.0


def encode_shingles(texts: JoinedTexts, size: int | ShingleSizes) -> EncodedShingles:
    """Cut all texts into shingles, as numbers."""
    points, sizes = code_points(texts.text), _sizes(size)
    classes, widths = _windows(points, texts.ends, sizes)
    starts = np.flatnonzero(widths)
    return EncodedShingles(_pack(points, classes, widths, starts, sizes), np.searchsorted(starts, texts.ends))


def code_points(text: str) -> CodePoints:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _sizes(size: int | ShingleSizes) -> ShingleSizes:
    return size if isinstance(size, ShingleSizes) else ShingleSizes(size, None)


def _windows(points: CodePoints, ends: Offsets, sizes: ShingleSizes) -> tuple[Bytes | None, Bytes]:
    """Find the class of every character (None where it does not matter), and how wide a shingle begins there.

    A width of 0 means that none does.
    """
    edges = np.zeros(len(points) + 1, bool)
    edges[ends] = True
    if sizes.latin is None:
        remaining, han = _remaining(edges, sizes.han), np.uint8(sizes.han)
        return None, np.minimum(remaining, han) * (edges[:-1] | (remaining >= han))

    # a Latin run ends where the class changes; a wide one only at a space, and goes on into Latin characters
    classes = CLASSES.take(points, mode="clip")
    run_edges = edges.copy()
    run_edges[1:-1] |= classes[1:] != classes[:-1]
    edges[:-1] |= classes == SPACE

    latin, wide = _remaining(run_edges, sizes.latin), _remaining(edges, sizes.han)
    latin *= classes == LATIN
    wide *= classes == WIDE

    # a full window begins anywhere, a shorter one only where a run does
    begins = (latin >= sizes.latin) | (wide >= sizes.han) | run_edges[:-1]
    return classes, (latin + wide) * begins


def _remaining(edges: npt.NDArray[np.bool_], width: int) -> Bytes:
    """Count the characters from each one to the next edge, up to `width`."""
    count = len(edges) - 1
    inside = np.concatenate([~edges, np.zeros(width, bool)])
    goes_on = np.ones(count, bool)
    remaining = np.ones(count, np.uint8)
    for n in range(1, width):
        goes_on &= inside[n : n + count]
        remaining += goes_on
    return remaining


def _pack(points: CodePoints, classes: Bytes | None, widths: Bytes, starts: Offsets, sizes: ShingleSizes) -> Codes:
    """Pack the shingles that begin at `starts` into numbers, each as wide as `widths` says."""
    padded = np.ones(len(points) + MAX_WIDTH, np.uint64)
    padded[: len(points)] += points  # one more than the code point: no character is 0, which stands for none
    widths = widths[starts]
    codes = _roll(padded, starts, widths, (sizes.han, BITS[WIDE]))
    if classes is None or sizes.latin is None:
        return codes

    # Latin windows are wider and take fewer bits a character; a bit of their own sets them apart from wide ones
    latin = np.flatnonzero(classes[starts] == LATIN)
    if len(latin):
        padded &= LATIN_MASK
        codes[latin] = LATIN_TAG | _roll(padded, starts[latin], widths[latin], (sizes.latin, BITS[LATIN]))
    return codes


def _roll(padded: Codes, starts: Offsets, widths: Bytes, full: tuple[int, np.uint64]) -> Codes:
    """Number each window, with the first character in the highest bits.

    `full` is the width of a full window and the bits of a character. A window that is less wide is numbered by the
    leading characters of the full one that begins there.
    """
    width, bits = full
    count = len(padded) - MAX_WIDTH
    rolled = padded[:count].copy()
    for n in range(1, width):
        rolled <<= bits
        rolled |= padded[n : n + count]

    codes = rolled[starts]
    short = np.flatnonzero(widths < width)
    codes[short] >>= (width - widths[short]) * bits
    return codes
