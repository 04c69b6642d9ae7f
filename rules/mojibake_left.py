"""Text that no repair could bring back."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class MojibakeLeft(Rule):
    """A replacement character, or a run of the rare characters that a wrong encoding leaves (锟斤拷, Ã©)."""

    title_zh: ClassVar[str] = "残留乱码"
    examples: ClassVar[Examples] = Examples(
        keeps=("café à la carte", "您好，Ångström", "烫手", "£5"),
        drops=("订单\ufffd\ufffd已发货", "锟斤拷锟斤拷", "Ã©Ã¨Ã ", "烫烫烫烫"),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["text"].str.contains("\ufffd|锟斤拷|烫烫烫|屯屯屯|(?:[ÃÂ][\u0080-\u00bf ]){2,}")

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
