"""One character typed again and again."""

from typing import ClassVar

import numpy as np
import polars as pl
from pydantic import Field

from rules import Examples, Measure


class RepeatedCharacters(Measure):
    """A reply in which one letter or Han character stands many times in a row. Counts the longest run."""

    title_zh: ClassVar[str] = "同一个字母或汉字连续出现太多次；数最长的一串"
    examples: ClassVar[Examples] = Examples(
        keeps=("哈哈哈哈哈，好的", "Sooooo good", "编号 00000000001", "----------------", "哈，哈，哈，哈，哈，哈，哈，哈，哈，哈，哈，哈，哈"),
        drops=("哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈", "aaaaaaaaaaaaaaaaaaaaaaa", "好的呢呢呢呢呢呢呢呢呢呢呢呢呢呢呢呢"),
    )

    max: int = Field(12, gt=1)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        # Rust patterns know no back reference: each character is compared with the one before it, all replies at once.
        if frame.is_empty():
            return pl.Series([], dtype=pl.UInt32)
        joined = "\n".join(frame["reply"]) + "\n"
        codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        same = np.flatnonzero(codes[1:] == codes[:-1])
        begins = np.flatnonzero(np.diff(same, prepend=-2) != 1)
        runs = np.diff(begins, append=len(same)) + 1
        places = same[begins]
        letters = np.array([chr(code).isalpha() for code in np.unique(codes[places])], dtype=bool)
        runs = np.where(letters[np.unique(codes[places], return_inverse=True)[1]], runs, 0) if len(places) else runs
        ends = frame["reply"].str.len_chars().cast(pl.Int64).to_numpy() + 1
        lines = np.searchsorted(np.cumsum(ends), places, side="right")
        longest = np.zeros(frame.height, np.uint32)
        np.maximum.at(longest, lines, runs.astype(np.uint32))
        bare = ~frame["reply"].str.contains(r"\p{L}").to_numpy()
        return pl.Series(np.where(bare, 0, np.maximum(longest, 1)).astype(np.uint32))

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
