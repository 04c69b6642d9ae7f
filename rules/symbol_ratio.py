"""How much of a reply is neither letter, digit nor space."""

from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field

from rules import CodePoints, Examples, LimitRule, Offsets, code_points, text_indices
from schemas.record import Kind

SYMBOL = r"[^\p{L}\p{N}\s]"
MASKS = r"\[[^\[\]]{1,12}\]|\{\{[^{}]{1,40}\}\}"
COMMON = 0x10000
"""Characters below are looked up; a text with others, emoji mostly, is counted on its own."""
ALONE = 2
"""Marks what a mask begins with, too."""


class SymbolRatio(LimitRule):
    """Replies made of symbols. Measures their share of all characters; masks in brackets count as one
    letter. Limits may differ by kind: a general answer may be a pattern or a formula.
    """

    title_zh: ClassVar[str] = (
        "回复多半是符号；量的是符号占全部字符的比例，方括号里的脱敏标记算一个字；限值可按类别分设，通用回答可以是公式"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=("您好！", "[订单号1]已发货。", "￥299.00", "OK!", "好的~~", {"reply": "^s.*", "kind": "general"}),
        drops=("！！！？？？~~~###", "@#￥%……&*（）——", "???", "a!!!"),
    )

    max: float = Field(0.7, gt=0, le=1)
    by_kind: dict[Kind, dict[str, float]] = Field({"general": {"max": 0.9}})

    def score(self, frame: pl.DataFrame) -> pl.Series:
        ratios = pl.Series(np.concatenate([np.zeros(0, np.float32), *map(_ratios, code_points(frame, "reply"))]))
        alone = ratios.is_nan().arg_true()
        bare = frame["reply"].gather(alone).str.replace_all(MASKS, "x")
        shares = bare.str.count_matches(SYMBOL).cast(pl.Float32) / bare.str.len_chars().clip(1).cast(pl.Float32)
        return ratios.scatter(alone, shares)

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max


def _ratios(block: tuple[CodePoints, Offsets]) -> npt.NDArray[np.float32]:
    """Measure the share of symbols in each text; not a number where a text must be counted on its own."""
    characters, starts = block
    marks = _marks().take(characters, mode="clip")

    # Sums from each start to the next: the line feed in between is no symbol.
    symbols = np.add.reduceat(marks, starts, dtype=np.uint32)
    sizes = np.maximum(np.diff(starts, append=len(characters)) - 1, 1)
    ratios = symbols.astype(np.float32) / sizes.astype(np.float32)
    ratios[text_indices(np.flatnonzero(marks == ALONE), starts)] = np.nan
    return ratios


@cache
def _marks() -> npt.NDArray[np.uint8]:
    """Look up which characters below `COMMON` the pattern counts as symbols; the last stands for all others."""
    surrogates = range(0xD800, 0xE000)  # no characters
    every = pl.Series(["x" if code in surrogates else chr(code) for code in range(COMMON)])
    marks = every.str.contains(SYMBOL).to_numpy().astype(np.uint8)
    marks[[ord("["), ord("{"), COMMON - 1]] = ALONE
    return marks
