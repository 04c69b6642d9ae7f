"""A reply that says the same thing over and over."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field

from rules import BLOCK, CodePoints, Examples, LimitRule, Offsets, code_points
from schemas.record import Kind

FIRST = 1000
"""Characters that are looked at: n-grams of any long text come again."""
NGRAM = 4
"""Characters of an n-gram."""
BITS = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))
SETS = (np.append(BITS, 0 * BITS), np.append(0 * BITS, BITS))
"""What each of 128 hashes sets in two sets of 64 bits."""
FLOOR = 0.7
"""Smaller shares count as none: a few different n-grams prove that a text is below, without counting all of them."""
TEXT_BITS = BLOCK.bit_length() - 1
HASH_BITS = 32 - TEXT_BITS
"""A key of 32 bits holds the index of a text in its block, and the hash of an n-gram."""


class RepeatedNgrams(LimitRule):
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
    characters: int = Field(40, gt=NGRAM)
    """Shorter replies are not judged."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        blocks = code_points(frame, "reply")
        doubtful = [self._doubtful(*block) + number * BLOCK for number, block in enumerate(blocks)]
        rows = pl.Series(np.concatenate([np.zeros(0, np.int64), *doubtful]))

        texts = frame["reply"].gather(rows).str.head(FIRST)
        shares = pl.Series([_repeated_share(text) for text in texts], dtype=pl.Float32)
        zeros = pl.repeat(0.0, frame.height, dtype=pl.Float32, eager=True)
        return zeros.scatter(rows, pl.select(pl.when(shares >= FLOOR).then(shares).otherwise(0.0)).to_series())

    def _doubtful(self, characters: CodePoints, starts: Offsets) -> Offsets:
        """Find the texts that may reach the floor.

        A share of repeats is 1 - different / all. It reaches the floor where different <= (1 - FLOOR) * all: a count
        that is never more than the different n-grams, and is larger than that, proves that a text does not.
        """
        sizes = np.diff(starts, append=len(characters)) - 1
        maybe = _may_reach_floor(characters, starts) | (sizes > FIRST)
        texts = np.flatnonzero(maybe & (sizes >= self.characters))
        counts = np.minimum(sizes[texts], FIRST) - NGRAM + 1
        return texts[_count_different(characters, starts[texts], counts) <= (1 - FLOOR) * counts + 1]

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max


def _may_reach_floor(characters: CodePoints, starts: Offsets) -> npt.NDArray[np.bool_]:
    """Tell which texts may reach the floor: a quick count, which is too small and never too large.

    Means nothing for texts shorter than three n-grams.
    """
    if len(characters) < 2 * NGRAM:
        return np.zeros(len(starts), bool)

    # Every other n-gram, as two pairs of characters, hashed to 7 bits by multiplication (Knuth, TAOCP 3, 6.4).
    low = characters[: len(characters) // 2 * 2].astype(np.uint16)
    pairs = low[::2] * np.uint16(0x6255) + low[1::2]
    hashes = (pairs[:-1] * np.uint16(0x9E37) + pairs[1:]) >> np.uint16(9)

    # From the last n-gram of a text to the first of the next lie n-grams of two texts: they are left out.
    counts = np.maximum(np.diff(starts, append=len(characters)) - NGRAM, 1)
    bounds = np.minimum(np.column_stack([starts + 1, starts + counts + 1]).ravel() // 2, len(hashes) - 1)

    # The bits of each text's set, counted; the last text may hold one more, with the line feed after it.
    sets = [np.bitwise_or.reduceat(bits.take(hashes), bounds[:-1])[::2] for bits in SETS]
    maybe: npt.NDArray[np.bool_] = sum(map(np.bitwise_count, sets)) <= (1 - FLOOR) * counts + 1
    return maybe


def _count_different(characters: CodePoints, starts: Offsets, counts: Offsets) -> Offsets:
    """Count the different n-grams among the first `counts` of each text, or a few less: equal hashes count once."""
    texts = np.repeat(np.arange(len(starts)), counts)
    offsets = np.arange(len(texts)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    hashes = np.zeros(len(texts), np.uint32)
    for n in range(NGRAM):
        hashes = hashes * np.uint32(0x9E3779B1) + characters[offsets + n]

    # Sorted, equal keys of a text stand side by side: each that differs from the one before it is new.
    high = (hashes * np.uint32(0x85EBCA6B)) >> np.uint32(TEXT_BITS)
    keys = np.sort(texts.astype(np.uint32) << np.uint32(HASH_BITS) | high)
    first = np.flatnonzero(np.diff(keys, prepend=np.uint32(0xFFFFFFFF)))
    return np.bincount(keys[first] >> np.uint32(HASH_BITS), minlength=len(starts))


def _repeated_share(text: str) -> float:
    ngrams = [text[n : n + NGRAM] for n in range(len(text) - NGRAM + 1)]
    return 1 - len(set(ngrams)) / len(ngrams)
