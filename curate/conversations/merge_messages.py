"""Joins neighbouring messages of one side into one."""

import polars as pl

JOINER = "\n"


def merged(turns: pl.DataFrame) -> pl.DataFrame:
    """Drop the empty turns, and join neighbours of one side of a record: `record`, `role`, `content`."""
    return (
        turns.filter(pl.col("content") != "")
        .with_columns(run=pl.struct("record", "role").rle_id())
        .group_by("run", maintain_order=True)
        .agg(pl.col("record").first(), pl.col("role").first(), pl.col("content").str.join(JOINER))
        .select("record", "role", "content")
    )


def merged_runs(turns: pl.DataFrame, joiner: str) -> pl.DataFrame:
    """Join each uninterrupted speech of one side into one row: `run`, `key`, `is_user`, `content`."""
    spoken = turns.filter(pl.col("role").is_in(["user", "assistant"])).with_columns(is_user=pl.col("role") == "user")
    spoken = spoken.with_columns(run=(pl.col("key") * 2 + pl.col("is_user")).rle_id())
    if spoken.is_empty() or spoken["run"][-1] + 1 == spoken.height:
        return spoken.select("run", "key", "is_user", content="text")  # each turn is a run: nothing to join
    return spoken.group_by("run", maintain_order=True).agg(
        pl.col("key", "is_user").first(), pl.col("text").str.join(joiner).alias("content")
    )
