"""One character typed again and again."""

from typing import ClassVar

import polars as pl
from pydantic import Field

from rules import Examples, Rule


class RepeatedCharacters(Rule):
    """A reply in which one letter or Han character stands many times in a row. Counts the longest run."""

    title_zh: ClassVar[str] = "同一个字符连续重复"
    examples: ClassVar[Examples] = Examples(
        keeps=("哈哈哈哈哈，好的", "Sooooo good", "编号 00000000001", "----------------"),
        drops=("哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈", "aaaaaaaaaaaaaaaaaaaaaaa"),
    )

    max: int = Field(12, gt=1)

    def score(self, frame: pl.DataFrame) -> pl.Series:
        # Rust patterns know no back reference: runs are found by comparing each character with the one before it.
        letters = (
            frame.select("reply").with_row_index("line").with_columns(pl.col("reply").str.split("")).explode("reply")
        )
        runs = (
            letters.filter(pl.col("reply").str.contains(r"\p{L}"))
            .with_columns(run=pl.struct("line", "reply").rle_id())
            .group_by("line", "run")
            .len()
            .group_by("line")
            .agg(pl.col("len").max())
        )
        lines = pl.DataFrame({"line": pl.int_range(frame.height, eager=True).cast(pl.UInt32)})
        return lines.join(runs, on="line", how="left", maintain_order="left")["len"].fill_null(0).cast(pl.Int64)

    def passes(self, score: pl.Series) -> pl.Series:
        return score <= self.max
