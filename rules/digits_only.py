"""Replies without a single letter."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class DigitsOnly(Rule):
    """A reply of digits and punctuation alone answers nobody who reads it later."""

    title_zh: ClassVar[str] = "回复只有数字"
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(keeps=("299元", "12号", "[手机号1]"), drops=("123456", "12-34", "1."))

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(r"\p{N}") & ~frame["reply"].str.contains(r"\p{L}")

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
