"""How much of a reply is neither letter, digit nor space."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class SymbolRatio(Rule):
    """Replies made of symbols. Measures their share of all characters; masks in brackets count as one."""

    title_zh: ClassVar[str] = "符号占比过高"
    examples: ClassVar[Examples] = Examples(
        keeps=("您好！", "[订单号1]已发货。", "￥299.00", "OK!"), drops=("！！！？？？~~~###", "@#￥%……&*（）——")
    )

    max: float = Field(0.7, gt=0, le=1)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        bare = frame["reply"].str.replace_all(r"\[[^\[\]]{1,12}\]|\{\{[^{}]{1,40}\}\}", "x")
        symbols = bare.str.count_matches(r"[^\p{L}\p{N}\s]")
        return (symbols / bare.str.len_chars().clip(1)).fill_nan(0.0)

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
