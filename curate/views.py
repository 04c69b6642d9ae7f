"""What rules look at: one line per record with its turns as columns of text."""

import polars as pl

from rules import VIEW

JOINER = "\n"


def view(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of `rules.VIEW` for a frame of records."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    messages = pl.col("messages")
    said = {
        name: messages.list.eval(content.filter(role == side))
        for name, side in (("question", "user"), ("reply", "assistant"))
    }
    return frame.select(
        "id",
        "kind",
        "lang",
        **{name: texts.list.join(JOINER) for name, texts in said.items()},
        text=messages.list.eval(content).list.join(JOINER),
        last_question=said["question"].list.last().fill_null(""),
        last_reply=said["reply"].list.last().fill_null(""),
        turns=messages.list.len().cast(pl.Int64),
        roles=messages.list.eval(role),
    ).select(VIEW.names())
