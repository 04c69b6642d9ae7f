"""A reply that says the same thing over and over."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class RepeatedNgrams(Rule):
    """Long replies made of few different parts. Measures the share of four-character pieces that are repeats."""

    title_zh: ClassVar[str] = "内容片段大量重复"
    examples: ClassVar[Examples] = Examples(
        keeps=("支持七天无理由退换，请保持包装完整，配件齐全，运费由您承担，退款原路返回。", "好的好的好的"),
        drops=("请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等请稍等",),
    )

    max: float = Field(0.8, gt=0, le=1)
    characters: int = Field(40, gt=4)
    """Shorter replies are not judged."""

    def score(self, frame: pl.DataFrame) -> pl.Series:
        long = frame["reply"].str.len_chars() >= self.characters
        share = [_repeated(text) for text in frame["reply"].filter(long)]
        return pl.zeros(frame.height, eager=True).scatter(long.arg_true(), pl.Series(share, dtype=pl.Float64))

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max


def _repeated(text: str) -> float:
    pieces = [text[n : n + 4] for n in range(len(text) - 3)]
    return 1 - len(set(pieces)) / len(pieces)
