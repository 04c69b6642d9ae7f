"""What of a conversation is compared: its question, its answer, or both, each on its own side."""

from typing import Literal

import polars as pl

from curate.duplicates.facts import TURN
from curate.duplicates.normalize import near_views
from curate.duplicates.similarity.batches import by_pieces

Compare = Literal["question", "answer", "conversation"]
ROLES = {"question": "user", "answer": "assistant"}


def sides(frame: pl.DataFrame, places: pl.Series, compare: Compare) -> pl.DataFrame:
    """Of the records at these places, `question` and `answer` as they are compared (null where they are not)."""
    said = frame.select("messages")
    return by_pieces(places, lambda some: _sides(said[some], compare))


def _sides(frame: pl.DataFrame, compare: Compare) -> pl.DataFrame:
    turns = _turns(frame, compare)
    turns = turns.select("place", "role", view=near_views(turns["content"]))
    made = frame.select(pl.int_range(pl.len()).alias("place"))
    for side, role in ROLES.items():
        said = turns.filter(pl.col("role") == role)
        joined = said.group_by("place", maintain_order=True).agg(pl.col("view").str.join(" ").alias(side))
        made = made.join(joined, on="place", how="left", maintain_order="left")
    return made.select(pl.col(*ROLES).cast(pl.String))


def words_of(frame: pl.DataFrame, compare: Compare) -> list[str]:
    """What was said on the sides that are compared, word for word, a TURN between turns."""
    turns = _turns(frame, compare).group_by("place", maintain_order=True).agg(pl.col("content").str.join(TURN))
    places = frame.select(pl.int_range(pl.len()).alias("place"))
    return places.join(turns, on="place", how="left", maintain_order="left")["content"].fill_null("").to_list()


def _turns(frame: pl.DataFrame, compare: Compare) -> pl.DataFrame:
    """`place`, `role` and `content` of each turn of the sides that are compared."""
    wanted = [role for side, role in ROLES.items() if compare in (side, "conversation")]
    turns = frame.select(pl.int_range(pl.len()).alias("place"), "messages")
    turns = turns.explode("messages", keep_nulls=False, empty_as_null=False).unnest("messages")
    return turns.filter(pl.col("role").is_in(wanted))


def said(side: str, between: str = "\n") -> pl.Expr:
    """All that one side of a conversation said, as one text."""
    element = pl.element()
    texts = element.struct.field("content").filter(element.struct.field("role") == ROLES[side])
    return pl.col("messages").list.eval(texts).list.join(between)
