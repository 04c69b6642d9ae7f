"""Replies without a single letter."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class DigitsOnly(Rule):
    """A reply of digits and punctuation alone answers nobody who reads it later."""

    title_zh: ClassVar[str] = "回复只有数字和标点，事后没人看得懂"
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(
        keeps=("299元", "12号", "[手机号1]", "Room 12"), drops=("123456", "12-34", "1.", "￥299.00")
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        bare = ~frame["reply"].str.contains(r"\p{L}")
        return bare.scatter(bare.arg_true(), frame["reply"].filter(bare).str.contains(r"\p{N}"))
