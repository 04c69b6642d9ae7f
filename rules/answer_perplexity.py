"""How unlikely the model that will be trained finds the answer."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples
from rules._model_scores import ModelScoreRule


class AnswerPerplexity(ModelScoreRule):
    """Answers whose words the model to be trained finds unlikely, as garbled ones are: perplexity of a token in the
    conversation. Differs much between models and languages. Without a score a record passes. Never drops.

    The scores come out of the file of `hornbook score`: try a limit on them before you set it.
    """

    title_zh: ClassVar[str] = (
        "待训练的模型觉得字句很不可能的回答（如乱码）：在对话中每个词元的困惑度，随模型和语言差别很大；没有分数的通过，从不丢弃"
    )
    column: ClassVar[str] = "answer_perplexity"
    examples: ClassVar[Examples] = Examples(
        keeps=({"answer_perplexity": 1.0}, {"answer_perplexity": 80.0}, {"answer_perplexity": None}),
        drops=({"answer_perplexity": 1500.0}, {"answer_perplexity": 90000.0}),
    )

    max: float = Field(1000, ge=1)

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
