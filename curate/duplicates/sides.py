"""What of a conversation is compared: its question, its answer, or both, each on its own side."""

from typing import Literal

import polars as pl

from curate.duplicates.similarity.batches import in_batches
from curate.duplicates.texts.facts import TURN
from curate.duplicates.texts.normalize import normalize

Compare = Literal["question", "answer", "conversation"]
ROLES = {"question": "user", "answer": "assistant"}


def compared_sides(frame: pl.DataFrame, indices: pl.Series, compare: Compare) -> pl.DataFrame:
    """Normalize the sides of the records at these indices: `question` and `answer`, null where one is not compared."""
    messages = frame.select("messages")
    return in_batches(indices, lambda batch: _normalized_sides(messages[batch], compare))


def _normalized_sides(frame: pl.DataFrame, compare: Compare) -> pl.DataFrame:
    turns = _turns(frame, compare)
    turns = turns.select("index", "role", normalized=normalize(turns["content"]))
    sides = frame.select(pl.int_range(pl.len()).alias("index"))
    for side, role in ROLES.items():
        texts = turns.filter(pl.col("role") == role).group_by("index", maintain_order=True)
        joined = texts.agg(pl.col("normalized").str.join(" ").alias(side))
        sides = sides.join(joined, on="index", how="left", maintain_order="left")
    return sides.select(pl.col(*ROLES).cast(pl.String))


def raw_texts(frame: pl.DataFrame, compare: Compare) -> list[str]:
    """Join what was said on the sides that are compared, word for word, a TURN between turns."""
    turns = _turns(frame, compare).group_by("index", maintain_order=True).agg(pl.col("content").str.join(TURN))
    indices = frame.select(pl.int_range(pl.len()).alias("index"))
    return indices.join(turns, on="index", how="left", maintain_order="left")["content"].fill_null("").to_list()


def _turns(frame: pl.DataFrame, compare: Compare) -> pl.DataFrame:
    """Take `index`, `role` and `content` of each turn of the sides that are compared."""
    wanted = [role for side, role in ROLES.items() if compare in (side, "conversation")]
    turns = frame.select(pl.int_range(pl.len()).alias("index"), "messages")
    turns = turns.explode("messages", keep_nulls=False, empty_as_null=False).unnest("messages")
    return turns.filter(pl.col("role").is_in(wanted))


def side_text(side: str, separator: str = "\n") -> pl.Expr:
    """All that one side of a conversation said, as one text."""
    element = pl.element()
    texts = element.struct.field("content").filter(element.struct.field("role") == ROLES[side])
    return pl.col("messages").list.eval(texts).list.join(separator)
