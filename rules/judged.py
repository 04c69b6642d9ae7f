"""What a language model makes of the answer."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples
from rules._model_scores import ModelScoreRule


class Judged(ModelScoreRule):
    """Answers that a judge marks low: the lowest of accuracy, completeness and tone, from 1 to 5, as the mean of two
    askings. The marks come out of the file of `hornbook score`; without one a record passes. Never drops.

    docs/scores.md has the rubric.
    """

    title_zh: ClassVar[str] = (
        "评审模型打分低的回答：取准确、完整、语气三项（1–5）中最低的一项，两次平均；"
        "分数来自 hornbook score 写出的文件，没有分数的通过，从不丢弃"
    )
    column: ClassVar[str] = "judged"
    examples: ClassVar[Examples] = Examples(
        keeps=({"judged": 5.0}, {"judged": 3.0}, {"reply": "没有打过分", "judged": None}),
        drops=({"judged": 1.0}, {"judged": 2.5}),
    )

    min: float = Field(3, ge=1, le=5)

    def passes(self, score: pl.Series) -> pl.Series:
        return score >= self.min
