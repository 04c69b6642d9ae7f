"""How far a language model agrees with itself about the answer."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples
from rules._model_scores import ModelScoreRule


class JudgeAgreement(ModelScoreRule):
    """Answers on which a judge contradicts itself when it is asked again: 1 is agreement in all marks, 0 none. Its mean
    says nothing then, so that a person decides. Without marks a record passes. Never drops.
    """

    title_zh: ClassVar[str] = (
        "评审模型两次打分自相矛盾的回答：1 为三项全同，0 为相差最大；这时平均分不可信，交给人看；"
        "没有分数的通过，从不丢弃"
    )
    column: ClassVar[str] = "judge_agreement"
    examples: ClassVar[Examples] = Examples(
        keeps=({"judge_agreement": 1.0}, {"judge_agreement": 0.75}, {"judge_agreement": None}),
        drops=({"judge_agreement": 0.0}, {"judge_agreement": 0.25}),
    )

    min: float = Field(0.5, ge=0, le=1)

    def passes(self, score: pl.Series) -> pl.Series:
        return score >= self.min
