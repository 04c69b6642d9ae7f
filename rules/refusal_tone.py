"""Answers of a business that sound like a model refusing."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class RefusalTone(Rule):
    """ "As an AI I cannot…" in a business answer teaches the assistant to decline its own work."""

    title_zh: ClassVar[str] = "业务回答里的拒答腔（“作为AI我不能……”），会教助手推掉本职工作"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "很抱歉，这款不支持退货",
            "抱歉，无法修改地址，需要重新下单",
            "Sorry, we cannot change it.",
            "这款音箱是一个AI助手，能听懂方言",
            "The camera has an AI mode.",
        ),
        drops=(
            "作为一个人工智能语言模型，我无法查询订单",
            "As an AI language model, I cannot do that.",
            "我只是一个AI助手，不能",
            "I'm just an AI and can't check orders.",
        ),
    )

    def hints(self) -> tuple[str, ...]:
        zh = ("人工智能", "语言模型", "作为AI", "个AI", "名AI", "款AI")
        return (*zh, "an AI", "a AI", "artificial intelligence", "language model")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(
            r"(?i)作为(?:一个|一名|一款)?(?:人工智能|AI|大?语言模型)|我(?:只是|是)一个(?:人工智能|AI|大?语言模型)"
            r"|(?-u:\b)as an? (?:AI|artificial intelligence|(?:large )?language model)(?-u:\b)"
            r"|(?-u:\b)I(?:'m| am) (?:just |only )?an? (?:AI|language model)(?-u:\b)"
        )
