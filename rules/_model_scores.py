"""What rules on scores by models share: a model alone never drops a record."""

from typing import ClassVar, Self

import polars as pl
from pydantic import model_validator

from rules import Action, LimitRule
from schemas.bilingual import Bilingual


class ModelScoreRule(LimitRule):
    """A rule on one score out of the file that `hornbook score` writes; a record without that score passes."""

    column: ClassVar[str]
    """The column of the score."""

    action: Action = "review"

    @model_validator(mode="after")
    def _leaves_it_to_people(self) -> Self:
        if self.action != "review":
            raise ValueError(
                Bilingual(
                    "what a model thinks of a record never drops it: the action is 'review'",
                    "模型的评分不能单独决定丢弃：action 只能是 review",
                )
            )
        return self

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame[self.column]

    def passes(self, score: pl.Series) -> pl.Series:
        raise NotImplementedError
