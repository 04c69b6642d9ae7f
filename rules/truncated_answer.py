"""Answers that stop in the middle."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class TruncatedAnswer(Rule):
    """A long last reply that ends in a colon, an open bracket, a word that must go on ("the", "因为"), or in a comma
    after a clause that must ("如果…，"). A comma alone is a habit of chats.
    """

    title_zh: ClassVar[str] = (
        "较长的最后一条回复停在冒号、左括号或必有下文的词（the、因为）上，或停在必有下文的分句（“如果……，”）的逗号上：被截断了；"
        "单独一个逗号是聊天习惯，不算"
    )
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"last_reply": "退款会在三个工作日内原路退回到您的支付账户，请留意"},
            {"last_reply": "好的，"},
            {"last_reply": "平时注意休息，多喝水，饮食清淡一些，希望以上回答可以帮到您，"},
            {"last_reply": "Thanks for writing to us, we will get back to you soon,"},
            {"last_reply": "请选择以下方式之一，谢谢您的配合与支持！"},
            {"last_reply": "The size that you should look for is printed on the label, in"},
        ),
        drops=(
            {"last_reply": "退款会在三个工作日内原路退回到您的支付账户，如果没有收到，"},
            {"last_reply": "To cancel your order, please follow these steps (first log in, then open the"},
            {"last_reply": "非常抱歉给您带来不便，这个订单暂时不能修改地址，因为"},
            {"last_reply": "You can return it in three ways:"},
        ),
    )

    characters: int = Field(20, gt=0)
    """Shorter replies are not judged: a chat message may end in a comma."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        hanging = frame["last_reply"].str.contains(
            r"(?:[、:：（(\[【《“‘]|[a-z,] (?:the|and|or|of|an)|因为|但是|并且|以及|如果"
            r"|(?:^|[，。！？；\n])(?:如果|若是|假如|因为|由于|虽然|尽管|但是|并且|而且|或者|例如|比如)[^，。！？；\n]*，"
            r"|[.,!?] (?:[Ii]f|[Bb]ecause|[Ww]hen|[Aa]lthough|but|[Ff]or example)[ ,][^.,!?\n]*,)\s*$"
        )
        long = frame["last_reply"].filter(hanging).str.strip_chars().str.len_chars() >= self.characters
        return hanging.scatter(hanging.arg_true(), long)
