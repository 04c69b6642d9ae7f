"""Whether the answer speaks the language of the question."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class ReplyLanguage(Rule):
    """The answer is in another language than the question, by script and by function words. Texts without letters, and
    names or model numbers of Latin letters, have no language and pass.
    """

    title_zh: ClassVar[str] = (
        "回答与提问不是同一种语言，按文字种类和虚词判定；没有文字的内容、拉丁字母的名称和型号不属于任何语言，不算"
    )
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"question": "能退吗", "reply": "可以退"},
            {"question": "iPhone 15 有货吗", "reply": "有的，Pro Max 也有"},
            {"question": "ok?", "reply": "123"},
            {"question": "请问这款手机的具体型号是什么", "reply": "Samsung Galaxy S24 Ultra 256GB"},
            {"question": "Where is my order 小米 14?", "reply": "It is on its way to you."},
        ),
        drops=(
            {"question": "请问我的订单什么时候能够发货呢", "reply": "Your order will be shipped within two days."},
            {"question": "When will my order arrive at my house?", "reply": "您好，预计明天送达，请耐心等待。"},
            {"question": "请问怎么申请退货退款", "reply": "ご注文ありがとうございます。"},
            {"question": "How do I cancel the order?", "reply": "Vous pouvez annuler la commande dans le menu."},
        ),
    )

    letters: int = 8
    """Shorter texts are not judged: a name or a model number has no language."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        question_lang, reply_lang = frame["question_lang"], frame["reply_lang"]
        unknown = ["none", "latin"]
        differs = (question_lang != reply_lang) & ~question_lang.is_in(unknown) & ~reply_lang.is_in(unknown)
        if not differs.any():
            return differs
        lengths = frame.filter(differs).select(pl.col("question", "reply").str.len_chars())
        long = (lengths["question"] >= self.letters) & (lengths["reply"] >= self.letters)
        return differs.scatter(differs.arg_true(), long)
