"""Answers that stop in the middle."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class TruncatedAnswer(Rule):
    """A long last reply that ends in a comma, a colon or an open bracket."""

    title_zh: ClassVar[str] = "回答被截断"
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"last_reply": "退款会在三个工作日内原路退回到您的支付账户，请留意"},
            {"last_reply": "好的，"},
            {"last_reply": "请选择以下方式之一，谢谢您的配合与支持！"},
        ),
        drops=(
            {"last_reply": "退款会在三个工作日内原路退回到您的支付账户，如果没有收到，"},
            {"last_reply": "To cancel your order, please follow these steps (first log in, then open the"},
        ),
    )

    characters: int = Field(20, gt=0)
    """Shorter replies are not judged: a chat message may end in a comma."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        reply = frame["last_reply"].str.strip_chars()
        hanging = reply.str.contains(r"[,，、；:：（(\[【《“‘]$|[a-z] (?:the|and|or|of|to|a|an|with|for|in)$")
        return hanging & (reply.str.len_chars() >= self.characters)

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
