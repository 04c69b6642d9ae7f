"""How long a conversation goes on."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class TooManyTurns(Rule):
    """Conversations of more messages than a model of this size can follow."""

    title_zh: ClassVar[str] = "轮次过多"
    examples: ClassVar[Examples] = Examples(keeps=({"turns": 2}, {"turns": 60}), drops=({"turns": 61},))

    max: int = Field(60, gt=1)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["turns"]

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
