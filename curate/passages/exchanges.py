"""Takes exchanges out of records: what a customer said, and what was answered."""

import polars as pl

from curate.conversations.messages import explode


def exchanges(frame: pl.DataFrame) -> pl.DataFrame:
    """Give each question with its answer a row: the `id` of its record, and both as one `text`."""
    turns = explode(frame)
    follows = pl.col("record").shift(-1) == pl.col("record")
    answers = follows & (pl.col("role") == "user") & (pl.col("role").shift(-1) == "assistant")
    both = turns.with_columns(text=pl.concat_str("content", pl.col("content").shift(-1), separator="\n"))
    ids = frame.select("id").with_row_index("record")
    return both.filter(answers).join(ids, on="record", maintain_order="left").select("id", "text")
