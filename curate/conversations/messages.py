"""Conversations as single messages, and back: so that a stage can work on one column of text."""

import polars as pl

from curate.conversations.merge_messages import merged


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


def with_messages(frame: pl.DataFrame, turns: pl.DataFrame, holed: pl.DataFrame, gone: pl.Series) -> pl.DataFrame:
    """The frame with the texts of `turns`, which has all turns of some records; `record` is the place in the frame.

    Records with turns in `holed` have those instead, merged, and the records at the places `gone` are left out.
    Rebuilding all lists from one column of text is several times cheaper than gathering those that did not change.
    """
    texts, ends = contents(frame)
    begins = ends - frame["messages"].list.len().clip(1)
    flat = frame.select("messages").with_row_index("record").explode("messages").unnest("messages")
    places = begins.gather(turns["record"]) + turns["turn"]
    flat = flat.with_columns(content=texts.scatter(places, turns["content"])).select("record", "role", "content")
    if len(gone) or not holed.is_empty():
        kept = flat.filter(~pl.col("record").is_in(pl.concat([gone, holed["record"]]).unique().implode()))
        holed = holed.filter(~pl.col("record").is_in(gone.implode()))
        flat = pl.concat([kept, merged(holed)]).sort("record", maintain_order=True)
    if len(gone):
        frame = frame.with_row_index("record").filter(~pl.col("record").is_in(gone.implode())).drop("record")
    lists = flat.group_by("record", maintain_order=True).agg(messages=pl.struct("role", "content"))
    return frame.with_columns(lists["messages"])


def replace_messages(frame: pl.DataFrame, places: pl.Series, lists: pl.Series) -> pl.DataFrame:
    """The frame with these messages at `places`. Gathers no other column: those of lists and structs are dear."""
    both = pl.concat([frame["messages"], lists], rechunk=True)
    order = pl.int_range(frame.height, eager=True).scatter(places, range(frame.height, len(both)))
    return frame.with_columns(both.gather(order))


def implode(frame: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """The frame with the messages of `turns`, merged; a record without any message left has an empty list."""
    lists = merged(turns).group_by("record", maintain_order=True).agg(messages=pl.struct("role", "content"))
    indexed = frame.drop("messages").with_row_index("record")
    joined = indexed.join(lists, on="record", how="left", maintain_order="left")
    return joined.with_columns(pl.col("messages").fill_null([])).select(frame.columns)
