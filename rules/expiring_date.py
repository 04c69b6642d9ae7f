"""Offers with an end."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule

ZH_OFFERS = ("活动", "优惠", "促销", "特价", "降价", "券")
ZH_ENDS = ("截止", "结束", "恢复原价", "失效")
EN_ENDS = ("until", "ends ", "expires", "valid")
DAY = r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}[日号]"


class ExpiringDate(Rule):
    """A reply that binds a price or an offer to a date will be wrong one day: a person should see it."""

    title_zh: ClassVar[str] = "回复把价格或活动绑定在某个日期上，总有一天会过期：请人看一眼"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "满100减10",
            "三天内到账",
            "2023年款",
            "营业到晚上10点",
            "您的订单6月18日送达",
            "We offer 24 colours.",
        ),
        drops=(
            "活动截止到11月30日",
            "优惠2024年6月18日结束",
            "6月20号恢复原价",
            "The offer is valid until 30 June.",
            "This discount ends on May 3",
        ),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        return (*ZH_OFFERS, *ZH_ENDS, *EN_ENDS)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(
            rf"(?:{'|'.join(ZH_OFFERS)})[^。！？\n]{{0,12}}{DAY}|{DAY}[^。！？\n]{{0,6}}(?:{'|'.join(ZH_ENDS)})"
            r"|(?i)(?:offer|sale|discount|promotion|coupon)[^.!?\n]{0,40}"
            rf"(?:{'|'.join(EN_ENDS)})[^.!?\n]{{0,20}}[0-9]"
        )
