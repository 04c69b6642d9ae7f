"""Prices of today."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule

PRICE_WORDS = ("特价", "活动价", "促销价", "优惠价", "折后价")
PRICE = r"(?:[¥￥]\s?\d+|\d+(?:\.\d{1,2})?\s?(?:元|块))"


class ExpiringPrice(Rule):
    """A reply that names a price of today or of a limited offer teaches a price that will be wrong: a person should see
    it.
    """

    title_zh: ClassVar[str] = "回复报了“今天”或限时的价格，学了就会过时：请人看一眼"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "今天发货，运费8元",
            "今日已退款 35 元",
            "现在下单，明天送达",
            "Shipping costs $5.",
            "Today we ship 3 parcels.",
            "支持30天价保",
        ),
        drops=(
            "今天特价99元",
            "限时优惠价 ¥199",
            "现在活动价只要59.9元",
            "Today only: $19.99!",
            "The limited-time price is £30.",
        ),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        return (*PRICE_WORDS, "秒杀", "限时", "today", "limited", "flash sale", "this week")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(
            rf"(?:{'|'.join(PRICE_WORDS)}|秒杀价?|限时[^。！？\n]{{0,6}}价)[^。！？\n]{{0,8}}{PRICE}"
            r"|(?i)(?:today only|today's (?:price|deal)|limited[- ]time|flash sale|this week only)"
            r"[^.!?\n]{0,30}[$£€]\s?[0-9]"
        )
