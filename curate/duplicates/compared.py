"""What of a conversation is compared: its question, its answer, or both, each on its own side."""

from datetime import date
from typing import Literal

import polars as pl

from curate.likeness import TURN, near_views

Compare = Literal["question", "answer", "conversation"]
Preference = Literal["reviewed", "pinned", "newer", "longer", "source"]
ROLES = {"question": "user", "answer": "assistant"}
DAY = r"(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])"


def sides(frame: pl.DataFrame, compare: Compare) -> pl.DataFrame:
    """One line a record: `question` and `answer` as they are compared (null where they are not), `text` both in one.

    `raw` is what was said on these sides, word for word, a TURN between turns.
    """
    wanted = [side for side in ROLES if compare in (side, "conversation")]
    turns = (
        frame.select(pl.int_range(pl.len()).alias("place"), "messages")
        .explode("messages", keep_nulls=False, empty_as_null=False)
        .unnest("messages")
        .filter(pl.col("role").is_in([ROLES[side] for side in wanted]))
    )
    turns = turns.with_columns(view=near_views(turns["content"]))
    made = frame.select(pl.int_range(pl.len()).alias("place"))
    for side in ROLES:
        said = turns.filter((pl.col("role") == ROLES[side]) & pl.lit(side in wanted))
        joined = said.group_by("place", maintain_order=True).agg(pl.col("view").str.join(" ").alias(side))
        made = made.join(joined, on="place", how="left", maintain_order="left")
    raw = turns.group_by("place", maintain_order=True).agg(pl.col("content").str.join(TURN).alias("raw"))
    made = made.join(raw, on="place", how="left", maintain_order="left")
    text = pl.concat_str("question", "answer", separator=" ", ignore_nulls=True)
    return made.select("question", "answer", "raw", text=text)


def said(side: str, between: str = "\n") -> pl.Expr:
    """All that one side of a conversation said, as one text."""
    element = pl.element()
    texts = element.struct.field("content").filter(element.struct.field("role") == ROLES[side])
    return pl.col("messages").list.eval(texts).list.join(between)


def when() -> pl.Expr:
    """The day of a record: its tag `date:2026-11-25`, or the day that its file's name holds; null for neither."""
    tagged = pl.col("tags").list.eval(pl.element().filter(pl.element().str.starts_with("date:"))).list.first()
    told = pl.coalesce(tagged.str.strip_prefix("date:"), pl.col("source").struct.field("file"))
    parts = told.str.extract_groups(DAY)
    day = pl.concat_str(*(parts.struct.field(str(n)) for n in (1, 2, 3)), separator="-")
    return day.str.to_date("%Y-%m-%d", strict=False)


def ranked(frame: pl.DataFrame, order: tuple[Preference, ...], sources: tuple[str, ...]) -> pl.DataFrame:
    """The records in the order in which they survive: as the recipe prefers, ties by id."""
    place = {name: number for number, name in enumerate(sources)}
    file = pl.col("source").struct.field("file")
    keys: dict[Preference, pl.Expr] = {
        "reviewed": ~pl.col("tags").list.contains("reviewed"),
        "pinned": ~pl.col("tags").list.contains("pinned"),
        "newer": (pl.lit(date.max) - when().fill_null(date.min)).dt.total_days(),
        "longer": -said("answer").str.len_chars().cast(pl.Int64),
        "source": file.replace_strict(place, default=len(place), return_dtype=pl.Int64),
    }
    return frame.sort(*(keys[name] for name in order), "id")
