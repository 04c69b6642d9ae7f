"""How much of a reply is neither letter, digit nor space."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Measure
from schemas.record import Kind


class SymbolRatio(Measure):
    """Replies made of symbols. Measures their share of all characters; masks in brackets count as one
    letter. Limits may differ by kind: a general answer may be a pattern or a formula.
    """

    title_zh: ClassVar[str] = (
        "回复多半是符号；量的是符号占全部字符的比例，方括号里的脱敏标记算一个字；限值可按类别分设，通用回答可以是公式"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=("您好！", "[订单号1]已发货。", "￥299.00", "OK!", "好的~~", {"reply": "^s.*", "kind": "general"}),
        drops=("！！！？？？~~~###", "@#￥%……&*（）——", "???", "a!!!"),
    )

    max: float = Field(0.7, gt=0, le=1)
    by_kind: dict[Kind, dict[str, float]] = Field({"general": {"max": 0.9}})

    def score(self, frame: pl.DataFrame) -> pl.Series:
        bare = frame["reply"]
        masked = bare.str.contains_any(["[", "{{"])
        if masked.any():
            shorter = bare.filter(masked).str.replace_all(r"\[[^\[\]]{1,12}\]|\{\{[^{}]{1,40}\}\}", "x")
            bare = bare.scatter(masked.arg_true(), shorter)
        symbols = bare.str.count_matches(r"[^\p{L}\p{N}\s]").cast(pl.Float32)
        return symbols / bare.str.len_chars().clip(1).cast(pl.Float32)

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
