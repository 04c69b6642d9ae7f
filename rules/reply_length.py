"""How much the assistant says."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, LimitRule, stripped_length
from schemas.record import Kind


class ReplyLength(LimitRule):
    """Replies too short to teach, or too long to fit. Counts characters of all replies together; limits may differ by
    kind.
    """

    title_zh: ClassVar[str] = "回复短得学不到东西，或长得放不下；按全部回复的字符计，限值可按类别分设"
    examples: ClassVar[Examples] = Examples(
        keeps=("您好，退款三天内到账。", "可以的", "Yes", {"reply": "字" * 9000, "kind": "general"}),
        drops=("", "嗯", "k", "字" * 9000),
    )

    min: int = Field(2, ge=0)
    max: int = Field(8000, gt=0)
    by_kind: dict[Kind, dict[str, float]] = Field({"general": {"min": 1, "max": 20000}, "identity": {"max": 2000}})

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return stripped_length(frame["reply"])

    def passes(self, score: pl.Series) -> pl.Series:
        return score.is_between(self.min, self.max)
