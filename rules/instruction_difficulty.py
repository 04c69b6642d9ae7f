"""How much the question helps the model that will be trained to expect the answer."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples
from rules._model_scores import ModelScoreRule


class InstructionDifficulty(ModelScoreRule):
    """Answers that the model to be trained expects less with their question than without one, as those to another
    question: mean loss with it over that without. With `min` also those that it knows already. Without a score a record
    passes. Never drops.

    Instruction-following difficulty, after Li et al., "From Quantity to Quality" (NAACL 2024), who take what is above 1
    for pairs that do not belong together.
    """

    title_zh: ClassVar[str] = (
        "待训练的模型看了问题反而更想不到的回答（多半答非所问）：有问题与没有问题时平均损失之比；"
        "设 min 则也挑出模型早已会的；没有分数的通过，从不丢弃"
    )
    column: ClassVar[str] = "instruction_difficulty"
    examples: ClassVar[Examples] = Examples(
        keeps=({"instruction_difficulty": 0.6}, {"instruction_difficulty": 1.0}, {"instruction_difficulty": None}),
        drops=({"instruction_difficulty": 1.2}, {"instruction_difficulty": 3.0}),
    )

    min: float = Field(0, ge=0)
    max: float = Field(1, gt=0)

    def passes(self, score: pl.Series) -> pl.Series:
        return score.is_between(self.min, self.max)
