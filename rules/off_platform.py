"""Answers that lead the customer away."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule

ZH_ACCOUNTS = ("微信", "qq", "vx", "薇信")
ZH_WALLETS = ("微信", "支付宝", "qq")
EN_ACCOUNTS = ("whatsapp", "wechat", "telegram")


class OffPlatform(Rule):
    """A reply that asks the customer to write or pay to a private account ("加我微信", "add me on WhatsApp")."""

    title_zh: ClassVar[str] = "回复让客户加私人账号或私下转账（“加我微信”“add me on WhatsApp”）"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=("支持微信支付", "请关注微信公众号查看进度", "QQ 音乐可以绑定", "Share it on WhatsApp if you like."),
        drops=("您加我微信吧", "加一下我的QQ，我发给您", "微信转账给我就行", "Just add me on WhatsApp."),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*ZH_ACCOUNTS, *ZH_WALLETS, *EN_ACCOUNTS)))

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(
            rf"(?i)(?:加|添加)(?:一下|下)?(?:我|本人)的?(?:个人|私人)?\s?(?:{'|'.join(ZH_ACCOUNTS)})"
            rf"|(?:{'|'.join(ZH_WALLETS)})\s?(?:转账|打款|转)给我"
            rf"|(?:add|text|message|contact|pay) me (?:on|via|at|through) (?:{'|'.join(EN_ACCOUNTS)})"
        )
