"""How many tokens a conversation is likely to take."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, LimitRule


class EstimatedTokens(LimitRule):
    """Conversations that will not fit the model's window. An estimate: the trainer counts, and says what it skips.

    A Han character, or any other of three bytes, counts `han` tokens, all others four to a token. Vocabularies made
    for Chinese take about 0.7 tokens a Han character, English ones 2 to 3 (SmolLM2 on public Chinese logs: 2.1).
    """

    title_zh: ClassVar[str] = "对话预计放不进模型窗口；只是估算，训练程序会精确计数并说明跳过了什么"
    examples: ClassVar[Examples] = Examples(
        keeps=("您好，退款三天内到账。", "A short answer.", "好" * 2000), drops=("好" * 5000, "word " * 5000)
    )

    max: int = Field(4096, gt=0)
    han: float = Field(1.0, gt=0)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        chars = frame["text"].str.len_chars().cast(pl.Float32)
        wide = (frame["text"].str.len_bytes().cast(pl.Float32) - chars) / 2
        return wide * self.han + (chars - wide) / 4

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
