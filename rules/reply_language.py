"""Whether the answer speaks the language of the question."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from schemas.script import language


class ReplyLanguage(Rule):
    """Chinese asked and English answered, or the other way. Judged by script; texts without letters pass."""

    title_zh: ClassVar[str] = "答非所问的语言"
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"question": "能退吗", "reply": "可以退"},
            {"question": "iPhone 15 有货吗", "reply": "有的，Pro Max 也有"},
            {"question": "ok?", "reply": "123"},
        ),
        drops=(
            {"question": "请问我的订单什么时候能够发货呢", "reply": "Your order will be shipped within two days."},
            {"question": "When will my order arrive at my house?", "reply": "您好，预计明天送达，请耐心等待。"},
        ),
    )

    letters: int = 8
    """Shorter texts are not judged: a name or a model number has no language."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        asked, said = language(frame["question"]), language(frame["reply"])
        long = (frame["question"].str.len_chars() >= self.letters) & (frame["reply"].str.len_chars() >= self.letters)
        return long & asked.is_in(["zh", "en"]) & said.is_in(["zh", "en"]) & (asked != said)

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
