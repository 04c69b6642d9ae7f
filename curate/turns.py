"""Conversations as single messages, and back: so that a stage can work on one column of text."""

import polars as pl

from schemas.frame import SCHEMA

JOINER = "\n"


def explode(frame: pl.DataFrame) -> pl.DataFrame:
    """One line per message: `record` (the position in the frame), `turn`, `role`, `content`."""
    return (
        frame.select("messages")
        .with_row_index("record")
        .explode("messages")
        .with_columns(turn=pl.int_range(pl.len()).over("record"))
        .unnest("messages")
        .select("record", "turn", "role", "content")
    )


def implode(frame: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """The frame with the messages of `turns`: empty ones left out, neighbours of one side merged.

    A record without any message left has an empty list.
    """
    merged = (
        turns.filter(pl.col("content") != "")
        .with_columns(run=pl.struct("record", "role").rle_id())
        .group_by("run", maintain_order=True)
        .agg(pl.col("record").first(), pl.col("role").first(), pl.col("content").str.join(JOINER))
        .group_by("record", maintain_order=True)
        .agg(messages=pl.struct("role", "content"))
    )
    return (
        frame.drop("messages")
        .with_row_index("record")
        .join(merged, on="record", how="left", maintain_order="left")
        .with_columns(pl.col("messages").fill_null([]))
        .select(SCHEMA.names())
    )
