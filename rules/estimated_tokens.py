"""How many tokens a conversation is likely to take."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class EstimatedTokens(Rule):
    """Conversations that will not fit the model's window. An estimate: the trainer counts, and says what it skips.

    A Han character counts `han` tokens, any other four to a token. Vocabularies made for Chinese take about 0.7
    tokens a Han character, English ones 2 to 3 (SmolLM2 on public Chinese logs: 2.1).
    """

    title_zh: ClassVar[str] = "预计词元数过多"
    examples: ClassVar[Examples] = Examples(
        keeps=("您好，退款三天内到账。", "A short answer.", "好" * 2000), drops=("好" * 5000, "word " * 5000)
    )

    max: int = Field(4096, gt=0)
    han: float = Field(1.0, gt=0)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        han = frame["text"].str.count_matches(r"\p{Han}")
        return han * self.han + (frame["text"].str.len_chars() - han) / 4

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
