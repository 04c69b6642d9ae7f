"""Polite words and nothing else."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import any_of, lexicon


class EmptyPoliteness(Rule):
    """All replies together are greetings, thanks and "please wait": nothing in them is an answer."""

    title_zh: ClassVar[str] = "全部回复只有问候、道谢和“请稍等”，没有内容"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=("好的，已为您登记退款", "亲，三天内到账", "Sure, it ships tomorrow.", "谢谢，不用退回"),
        drops=("亲，请稍等", "您好！\n好的～", "Thank you! Bye.", "Hello, one moment please"),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        phrases = any_of(lexicon("politeness"))
        return frame["reply"].str.contains(rf"(?i)^\s*(?:(?:{phrases})[呢哦哈啊呀~～了的哒喔]*[\s\p{{P}}\p{{S}}]*)+$")
