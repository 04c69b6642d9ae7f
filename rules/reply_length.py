"""How much the assistant says."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class ReplyLength(Rule):
    """Replies too short to teach, or too long to fit. Counts characters of all replies together."""

    title_zh: ClassVar[str] = "回复过短或过长"
    examples: ClassVar[Examples] = Examples(keeps=("您好，退款三天内到账。", "可以的"), drops=("", "嗯"))

    min: int = Field(2, ge=0)
    max: int = Field(8000, gt=0)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.strip_chars().str.len_chars()

    def passes(self, score: pl.Series) -> pl.Series:
        return score.is_between(self.min, self.max)
