"""The language of texts in Latin letters whose function words do not give it away."""

from typing import ClassVar, Literal

import polars as pl
from langdetect import DetectorFactory, LangDetectException, detect

from rules import Examples, Rule

DetectorFactory.seed = 0
LETTERS = 20
"""Fewer say nothing: `hi` is Swahili to a guess by statistics."""
NONE = "none"
BROKEN = "[\u0080-\u009f\ufffd]"
"""What a wrong encoding leaves: no language, and `mojibake_left` has it."""
NO_WORDS = r"https?://\S+|www\.\S+|\S*[@\d_]\S*|\[[^\[\]\n]{1,16}\]|\{\{[^{}\n]{1,40}\}\}"
"""Addresses, model numbers and masks are in no language."""


class GuessedLanguage(Rule):
    """A reply of Latin letters whose language neither script nor function words settle, and which a guess by statistics
    takes for one that is not in `allowed`. A guess never drops a record: a person looks.
    """

    title_zh: ClassVar[str] = (
        "拉丁字母的回复，文字种类和虚词都定不出语言，统计猜测又不在允许的语言（allowed）之列；猜测绝不丢弃记录，只请人看"
    )
    kinds = ("domain", "identity", "refusal")
    limits = ("allowed",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "Refund approved, expect money back shortly",
            "Samsung Galaxy S24",
            "好的，已经为您登记",
            "https://a.example/pakket-onderweg-morgen-thuisbezorgd",
        ),
        drops=(
            "Dziękujemy bardzo, przesyłka dotrze jutro rano",
            "Kiitos yhteydenotosta, tilauksenne saapuu huomenna",
            "Köszönjük türelmét, rendelése holnap érkezik",
        ),
    )

    action: Literal["review"] = "review"
    allowed: tuple[str, ...] = ("en", "zh-cn", "zh-tw")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        guesses = pl.repeat(NONE, frame.height, dtype=pl.String, eager=True)
        unsettled = frame["reply_lang"] == "latin"
        if not unsettled.any():
            return guesses
        texts = frame["reply"].filter(unsettled).str.head(1000).str.replace_all(NO_WORDS, " ")
        long = (texts.str.count_matches(r"\p{Latin}") >= LETTERS) & ~texts.str.contains(BROKEN)
        rows = unsettled.arg_true().filter(long)
        return guesses.scatter(rows, pl.Series([_guess(text) for text in texts.filter(long)], dtype=pl.String))

    def passes(self, score: pl.Series) -> pl.Series:
        return score.is_in([*self.allowed, NONE])


def _guess(text: str) -> str:
    try:
        return str(detect(text))
    except LangDetectException:
        return NONE
