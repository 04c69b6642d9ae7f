"""Polite words and nothing else."""

import re
from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import words


class EmptyPoliteness(Rule):
    """All replies together are greetings, thanks and "please wait": nothing in them is an answer."""

    title_zh: ClassVar[str] = "只有客套，没有内容"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=("好的，已为您登记退款", "亲，三天内到账", "Sure, it ships tomorrow."),
        drops=("亲，请稍等", "您好！\n好的～", "Thank you! Bye."),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        phrases = "|".join(re.escape(w) for w in sorted(words("politeness"), key=len, reverse=True))
        return frame["reply"].str.contains(rf"(?i)^(?:(?:{phrases})[呢哦哈啊呀~～了的]*[\s\p{{P}}\p{{S}}]*)+$")

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
