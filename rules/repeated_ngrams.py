"""A reply that says the same thing over and over."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field

from rules import BLOCK, Codes, Examples, Measure, Places, codes
from schemas.record import Kind

FIRST = 1000
"""Characters that are looked at: pieces of any long text come again."""
PIECE = 4
"""Characters of a piece."""
BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))
SETS = (np.append(BITS, 0 * BITS), np.append(0 * BITS, BITS))
"""What is set for each of 128 pieces in two sets of 64 bits."""
FLOOR = 0.7
"""Smaller shares count as none: a text is shown to have so many different pieces without counting all of them."""


class RepeatedNgrams(Measure):
    """Long replies made of few different parts. Measures the share of four-character pieces that are repeats in the
    first 1,000 characters; shares under 0.7 count as none. Limits may differ by kind.
    """

    title_zh: ClassVar[str] = (
        "长回复由少数片段反复拼成；量的是前一千字里四字片段重复的占比，低于 0.7 记为零；限值可按类别分设"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "支持七天无理由退换，请保持包装完整，配件齐全，运费由您承担，退款原路返回。",
            "好的好的好的",
            "S 码适合 80-90 斤，M 码适合 90-100 斤，L 码适合 100-110 斤，XL 码适合 110-120 斤，XXL 码适合 120-130 斤。",
            "Please hold on, please hold on, please hold on; your parcel left Berlin on Monday.",
        ),
        drops=("请稍等" * 20, "ok " * 40, "您好，您的订单已发货。" * 12),
    )

    max: float = Field(0.8, ge=FLOOR, le=1)
    by_kind: dict[Kind, dict[str, float]] = Field({"general": {"max": 0.9}})
    characters: int = Field(40, gt=PIECE)
    """Shorter replies are not judged."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        maybe = [self._doubtful(*block) + n * BLOCK for n, block in enumerate(codes(frame, "reply"))]
        places = pl.Series(np.concatenate([np.zeros(0, np.int64), *maybe]))
        texts = frame["reply"].gather(places).str.head(FIRST)
        shares = pl.Series([_repeated(text) for text in texts], dtype=pl.Float32)
        none = pl.repeat(0.0, frame.height, dtype=pl.Float32, eager=True)
        return none.scatter(places, pl.select(pl.when(shares >= FLOOR).then(shares).otherwise(0.0)).to_series())

    def _doubtful(self, characters: Codes, starts: Places) -> Places:
        """The texts that may reach the floor."""
        sizes = np.diff(starts, append=len(characters)) - 1
        few = _few_pieces(characters, starts) | (sizes > FIRST)
        places = np.flatnonzero(few & (sizes >= self.characters))
        pieces = np.minimum(sizes[places], FIRST) - PIECE + 1
        return places[_distinct(characters, starts[places], pieces) <= (1 - FLOOR) * pieces + 1]

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max


def _few_pieces(characters: Codes, starts: Places) -> npt.NDArray[np.bool_]:
    """Which texts may reach the floor. Sets of 128 bits hold every other piece: they count too few, never too many.

    Means nothing for texts shorter than three pieces.
    """
    if len(characters) < 2 * PIECE:
        return np.zeros(len(starts), bool)
    small = characters[: len(characters) // 2 * 2].astype(np.uint16)
    pairs = small[::2] * np.uint16(0x6255) + small[1::2]
    pieces = (pairs[:-1] * np.uint16(0x9E37) + pairs[1:]) >> np.uint16(9)
    sizes = np.maximum(np.diff(starts, append=len(characters)) - PIECE, 1)
    # From the last piece of a text to the first of the next lie pieces of two texts: they are left out.
    bounds = np.minimum(np.column_stack([starts + 1, starts + sizes + 1]).ravel() // 2, len(pieces) - 1)
    held = [np.bitwise_or.reduceat(bits.take(pieces), bounds[:-1])[::2] for bits in SETS]
    few: npt.NDArray[np.bool_] = sum(map(np.bitwise_count, held)) <= (1 - FLOOR) * sizes + 1
    return few


def _distinct(characters: Codes, starts: Places, pieces: Places) -> Places:
    """How many different pieces there are in the first ones of each text, or a few less: by hashes of 20 bits."""
    texts = np.repeat(np.arange(len(starts)), pieces)
    places = np.arange(len(texts)) + np.repeat(starts - np.cumsum(pieces) + pieces, pieces)
    hashes = np.zeros(len(texts), np.uint32)
    for n in range(PIECE):
        hashes = hashes * np.uint32(0x9E3779B1) + characters[places + n]
    keys = np.sort(texts.astype(np.uint32) << np.uint32(20) | (hashes * np.uint32(0x85EBCA6B)) >> np.uint32(12))
    fresh = np.flatnonzero(np.diff(keys, prepend=np.uint32(0xFFFFFFFF)))
    return np.bincount(keys[fresh] >> np.uint32(20), minlength=len(starts))


def _repeated(text: str) -> float:
    pieces = [text[n : n + PIECE] for n in range(len(text) - PIECE + 1)]
    return 1 - len(set(pieces)) / len(pieces)
