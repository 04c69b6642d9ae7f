"""Answers that answer nothing."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules.lexicons import any_of, lexicon


class EmptyAnswer(Rule):
    """All replies together say no more than "I don't know", "see the page" or "ask somebody else", with or without
    polite words.
    """

    title_zh: ClassVar[str] = "全部回复只说了“不清楚”“以页面为准”“请咨询别人”之类，加不加客套都等于没答"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "不清楚哪一款适合的话，可以看尺码表，165 选 M",
            "以页面为准，目前是 299 元",
            "这个不支持",
            "I don't know the exact date, but it ships this week.",
            "亲，请稍等",
        ),
        drops=("不清楚呢", "您好，以页面显示为准哦", "抱歉，这个我不知道。", "I don't know.", "Sorry, no idea!"),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        phrases = any_of((*lexicon("empty_answers"), *lexicon("politeness")))
        phrase = rf"(?:{phrases})[呢哦哈啊呀~～了的呐喔]*[\s\p{{P}}\p{{S}}]*"
        empty = frame["reply"].str.contains(rf"(?i)^\s*(?:{phrase})+$")

        # Polite words alone are the business of `empty_politeness`.
        answers = frame["reply"].filter(empty).str.contains(f"(?i){any_of(lexicon('empty_answers'))}")
        return empty.scatter(empty.arg_true(), answers)
