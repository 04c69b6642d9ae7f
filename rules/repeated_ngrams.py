"""A reply that says the same thing over and over."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field

from rules import Codes, Examples, Measure, Places, codes
from schemas.record import Kind

FIRST = 1000
"""Characters that are looked at: pieces of any long text come again."""
PIECE = 4
"""Characters of a piece."""
BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))
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
        sizes = frame["reply"].str.len_chars()
        few = pl.Series(np.concatenate([np.zeros(0, bool), *(_few_pieces(*block) for block in codes(frame["reply"]))]))
        maybe = ((sizes >= self.characters) & (few | (sizes > FIRST))).arg_true()
        texts = frame["reply"].gather(maybe).str.head(FIRST)
        shares = pl.Series([_repeated(text) for text in texts], dtype=pl.Float32)
        none = pl.repeat(0.0, frame.height, dtype=pl.Float32, eager=True)
        return none.scatter(maybe, pl.select(pl.when(shares >= FLOOR).then(shares).otherwise(0.0)).to_series())

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max


def _few_pieces(characters: Codes, starts: Places) -> npt.NDArray[np.bool_]:
    """Which texts may reach the floor. A set of 64 bits holds the pieces: it counts too few, never too many.

    Means nothing for texts shorter than two pieces.
    """
    if len(characters) < PIECE:
        return np.zeros(len(starts), bool)
    small = characters.astype(np.uint16)
    pairs = small[:-1] * np.uint16(0x6255) + small[1:]
    pieces = (pairs[: 2 - PIECE] * np.uint16(0x9E37) + pairs[PIECE - 2 :]) >> np.uint16(10)
    sizes = np.maximum(np.diff(starts, append=len(characters)) - PIECE, 1)
    # From the last piece of a text to the first of the next lie pieces of two texts: they are left out.
    bounds = np.minimum(np.column_stack([starts, starts + sizes]).ravel(), len(pieces) - 1)
    held = np.bitwise_or.reduceat(BITS[pieces], bounds[:-1])[::2]
    few: npt.NDArray[np.bool_] = np.bitwise_count(held) <= (1 - FLOOR) * sizes + 1
    return few


def _repeated(text: str) -> float:
    pieces = [text[n : n + PIECE] for n in range(len(text) - PIECE + 1)]
    return 1 - len(set(pieces)) / len(pieces)
