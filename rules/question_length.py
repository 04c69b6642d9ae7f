"""How much the user says."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, LimitRule, stripped_length


class QuestionLength(LimitRule):
    """Questions too short to mean anything, or too long to be one. Counts characters; limits may differ by kind."""

    title_zh: ClassVar[str] = "问题短得没有意思，或长得不像问题；按字符计，限值可按类别分设"
    examples: ClassVar[Examples] = Examples(
        keeps=({"question": "在吗"}, {"question": "退款多久到账？"}, {"question": "Hi"}),
        drops=({"question": ""}, {"question": "?"}, {"question": "字" * 9000}),
    )

    min: int = Field(2, ge=0)
    max: int = Field(8000, gt=0)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return stripped_length(frame["question"])

    def passes(self, score: pl.Series) -> pl.Series:
        return score.is_between(self.min, self.max)
