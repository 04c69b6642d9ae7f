"""Offers with an end."""

from typing import ClassVar, Literal

import polars as pl

from rules import Examples, Rule


class ExpiringDate(Rule):
    """A reply that binds a price or an offer to a date will be wrong one day: a person should see it."""

    title_zh: ClassVar[str] = "含会过期的日期或活动"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=("满100减10", "三天内到账", "2023年款", "营业到晚上10点"),
        drops=("活动截止到11月30日", "优惠2024年6月18日结束", "The offer is valid until 30 June."),
    )

    action: Literal["drop", "review"] = "review"

    def score(self, frame: pl.DataFrame) -> pl.Series:
        day = r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]"
        return frame["reply"].str.contains(
            rf"(?:活动|优惠|促销|特价|降价|券)[^。！？\n]{{0,12}}{day}|{day}[^。！？\n]{{0,6}}(?:截止|结束|恢复原价|失效)"
            r"|(?i)(?:offer|sale|discount|promotion|coupon)[^.!?\n]{0,40}(?:until|ends|expires|valid)[^.!?\n]{0,20}\d"
        )

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
