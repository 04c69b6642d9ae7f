"""Conversations as single messages, and back: so that a stage can work on one column of text."""

import polars as pl

from curate.conversations.merge_messages import merged


def explode(frame: pl.DataFrame) -> pl.DataFrame:
    """Give each message a row: `record` (the row of its record in the frame), `turn`, `role`, `content`."""
    return (
        frame.select("messages")
        .with_row_index("record")
        .explode("messages")
        .with_columns(turn=pl.int_range(pl.len()).over("record"))
        .unnest("messages")
        .select("record", "turn", "role", "content")
    )


def contents(frame: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """List the texts of all messages in order, and for each record the index behind its last text. Copies no text."""
    messages = frame["messages"]
    return messages.explode().struct.field("content"), messages.list.len().clip(1).cum_sum()


def with_messages(frame: pl.DataFrame, turns: pl.DataFrame, gapped: pl.DataFrame, dropped: pl.Series) -> pl.DataFrame:
    """Put the texts of `turns`, which has all turns of some records, into the frame; `record` is the row in the frame.

    Records with turns in `gapped`, where some are missing, have those instead, merged; the records in the rows
    `dropped` are left out.
    Rebuilding all lists from one column of text is several times cheaper than gathering those that did not change.
    """
    # 1. The new texts over the old ones: a text stands at the start of its record plus its turn.
    texts, ends = contents(frame)
    begins = ends - frame["messages"].list.len().clip(1)
    flat = frame.select("messages").with_row_index("record").explode("messages").unnest("messages")
    indices = begins.gather(turns["record"]) + turns["turn"]
    flat = flat.with_columns(content=texts.scatter(indices, turns["content"])).select("record", "role", "content")

    # 2. Without the records that are dropped, and merged where turns are missing.
    if len(dropped) or not gapped.is_empty():
        whole = flat.filter(~pl.col("record").is_in(pl.concat([dropped, gapped["record"]]).unique().implode()))
        gapped = gapped.filter(~pl.col("record").is_in(dropped.implode()))
        flat = pl.concat([whole, merged(gapped)]).sort("record", maintain_order=True)
    if len(dropped):
        frame = frame.with_row_index("record").filter(~pl.col("record").is_in(dropped.implode())).drop("record")

    # 3. Lists again.
    lists = flat.group_by("record", maintain_order=True).agg(messages=pl.struct("role", "content"))
    return frame.with_columns(lists["messages"])


def replace_messages(frame: pl.DataFrame, rows: pl.Series, lists: pl.Series) -> pl.DataFrame:
    """Replace the messages in these rows. Gathers no other column: to gather lists and structs is expensive."""
    both = pl.concat([frame["messages"], lists], rechunk=True)
    order = pl.int_range(frame.height, eager=True).scatter(rows, range(frame.height, len(both)))
    return frame.with_columns(both.gather(order))


def implode(frame: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """Put the messages of `turns`, merged, back into the frame; a record without any has an empty list."""
    lists = merged(turns).group_by("record", maintain_order=True).agg(messages=pl.struct("role", "content"))
    indexed = frame.drop("messages").with_row_index("record")
    joined = indexed.join(lists, on="record", how="left", maintain_order="left")
    return joined.with_columns(pl.col("messages").fill_null([])).select(frame.columns)
