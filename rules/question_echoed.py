"""Replies that give the question back."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class QuestionEchoed(Rule):
    """The last reply is the last question, but for spaces and punctuation."""

    title_zh: ClassVar[str] = "把问题原样当作回答"
    examples: ClassVar[Examples] = Examples(
        keeps=({"last_question": "能退吗", "last_reply": "能退"}, {"last_question": "您好", "last_reply": "您好！"}),
        drops=({"last_question": "请问能退货吗？", "last_reply": "请问能退货吗"},),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        asked, said = (frame[name].str.replace_all(r"[\s\p{P}\p{S}]", "") for name in ("last_question", "last_reply"))
        return (asked == said) & (said.str.len_chars() > 3)

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
