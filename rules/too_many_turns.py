"""How long a conversation goes on."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, LimitRule


class TooManyTurns(LimitRule):
    """Conversations of more messages than a model of this size can follow."""

    title_zh: ClassVar[str] = "对话的消息太多，这样大小的模型跟不上"
    examples: ClassVar[Examples] = Examples(
        keeps=({"turns": 2}, {"turns": 60}, {"turns": 59}), drops=({"turns": 61}, {"turns": 500})
    )

    max: int = Field(60, gt=1)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["turns"].cast(pl.UInt32)

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
