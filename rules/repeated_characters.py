"""One character typed again and again."""

from typing import ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from rules import CodePoints, Examples, LimitRule, Offsets, code_points, text_indices

SHORTEST = 3
"""Doubled letters are how words are written."""


class RepeatedCharacters(LimitRule):
    """A reply in which one letter or Han character stands many times in a row. Counts the longest run;
    doubled letters count as none.
    """

    title_zh: ClassVar[str] = "同一个字母或汉字连续出现太多次；数最长的一串，叠字不算"
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "哈哈哈哈哈，好的",
            "Sooooo good",
            "编号 00000000001",
            "----------------",
            "哈，哈，哈，哈，哈，哈，哈，哈，哈，哈，哈，哈，哈",
        ),
        drops=("哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈", "aaaaaaaaaaaaaaaaaaaaaaa", "好的呢呢呢呢呢呢呢呢呢呢呢呢呢呢呢呢"),
    )

    max: int = Field(12, gt=1)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        longest = [_longest_runs(*block) for block in code_points(frame, "reply")]
        return pl.Series(np.concatenate([np.zeros(0, np.uint32), *longest]))

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max


def _longest_runs(characters: CodePoints, starts: Offsets) -> CodePoints:
    """Measure the longest run of one letter in each text; 1 where none stands three times in a row.

    Rust patterns know no back reference: each character is compared with the one before it, all texts at once.
    """
    # A run of n equal characters is a run of n - 1 neighbours in `same`: offsets that follow each other by one.
    same = np.flatnonzero(characters[1:] == characters[:-1])
    begins = np.flatnonzero(np.diff(same, prepend=-2) != 1)
    lengths = np.diff(begins, append=len(same)) + 1
    begins, lengths = begins[lengths >= SHORTEST], lengths[lengths >= SHORTEST]

    offsets = same[begins]
    is_letter = np.array([chr(code).isalpha() for code in characters[offsets]], dtype=bool)
    texts = text_indices(offsets, starts)
    longest = np.ones(len(starts), np.uint32)
    np.maximum.at(longest, texts[is_letter], lengths[is_letter].astype(np.uint32))
    return longest
