"""Replies that masking emptied."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class MaskedOnly(Rule):
    """A reply of masks and punctuation alone: what it said is hidden, and a model would learn to answer with a mask."""

    title_zh: ClassVar[str] = "回复只剩脱敏标记和标点：内容已被遮住，模型会学着用标记回答"
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(
        keeps=("您的电话是[手机号1]吗", "[订单号1]已发货", "{{Order Number}} is on its way", "[1] yes", "[微笑]好"),
        drops=("[手机号1]", "[订单x] [数字x]。", "{{Order Number}}", "__email__"),
    )

    def hints(self) -> tuple[str, ...]:
        return ("]", "}}", "__")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        mask = r"\[[\p{Han}A-Z][^\[\]\n]{0,15}\]|\{\{[^{}\n]{1,40}\}\}|__[a-z_]{2,20}__"
        return frame["reply"].str.contains(rf"^[\s\p{{P}}\p{{S}}]*(?:(?:{mask})[\s\p{{P}}\p{{S}}]*)+$")
