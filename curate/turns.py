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


def contents(frame: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The texts of all messages in order, and for each record the place behind its last text. Copies no text."""
    messages = frame["messages"]
    return messages.explode().struct.field("content"), messages.list.len().clip(1).cum_sum()


def merged(turns: pl.DataFrame) -> pl.DataFrame:
    """`record` and `messages`, a line per record that has a message: empty ones left out, neighbours of one side one."""
    return regrouped(
        turns.filter(pl.col("content") != "")
        .with_columns(run=pl.struct("record", "role").rle_id())
        .group_by("run", maintain_order=True)
        .agg(pl.col("record").first(), pl.col("role").first(), pl.col("content").str.join(JOINER))
    )


def regrouped(turns: pl.DataFrame) -> pl.DataFrame:
    """`record` and `messages`, a line per record, every message as it is."""
    return turns.group_by("record", maintain_order=True).agg(messages=pl.struct("role", "content"))


def with_messages(frame: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """The frame with the `messages` of `changed` at the places that its column `record` names."""
    column = pl.Series("messages", changed["messages"], dtype=SCHEMA["messages"])
    places = pl.int_range(frame.height, eager=True, dtype=pl.UInt32)
    new = pl.int_range(frame.height, frame.height + changed.height, eager=True, dtype=pl.UInt32)
    places = places.scatter(changed["record"], new)
    return frame.with_columns(pl.concat([frame["messages"], column]).gather(places))


def implode(frame: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """The frame with the messages of `turns`: empty ones left out, neighbours of one side merged.

    A record without any message left has an empty list.
    """
    return (
        frame.drop("messages")
        .with_row_index("record")
        .join(merged(turns), on="record", how="left", maintain_order="left")
        .with_columns(pl.col("messages").fill_null([]))
        .select(SCHEMA.names())
    )
