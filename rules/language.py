"""The language of the answers."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule


class Language(Rule):
    """A reply in a language that is not in `allowed`, by its script first and by function words second. Replies without
    letters, and names or model numbers of Latin letters, pass.
    """

    title_zh: ClassVar[str] = (
        "回复的语言不在允许（allowed）之列：先看文字种类，再看虚词；没有文字的回复、拉丁字母的名称和型号不算"
    )
    limits = ("allowed",)
    examples: ClassVar[Examples] = Examples(
        keeps=("好的，马上为您处理", "Your order is on the way.", "iPhone 15 Pro Max", "123", "这款 Switch 有货"),
        drops=(
            "ご注文ありがとうございます。明日お届けします。",
            "주문해 주셔서 감사합니다",
            "Спасибо, ваш заказ в пути.",
            "Merci pour votre patience, la commande est dans le camion.",
        ),
    )

    action: Action = "review"
    allowed: tuple[str, ...] = ("zh", "en")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply_lang"]

    def passes(self, score: pl.Series) -> pl.Series:
        return score.is_in([*self.allowed, "none", "latin"])
