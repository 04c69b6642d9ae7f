"""Which record stays where some repeat or contradict each other: the order of their claims."""

from datetime import date
from typing import Literal

import polars as pl

from curate.duplicates.sides import side_text
from curate.duplicates.similarity.batches import in_batches
from schemas.frame import has_tag
from schemas.tags import DATE, PINNED, REVIEWED

Preference = Literal["reviewed", "pinned", "newer", "longer", "source"]
FILE_NAME = r"([^/\\]+)$"
"""The last part of a path."""
DAY_IN_PATH = (
    r"^.*(20\d\d)(?:年(\d{1,2})月(\d{1,2})|[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"|[-_.](\d{1,2})[-_.](\d{1,2}))"
)
"""The last day of a path: `2025-06-01`, `20250601`, `2025.6.1`, `2025年6月1日`.

Month and day stand in the groups 2 and 3, 4 and 5, or 6 and 7, by how they are written.
"""


def record_date() -> pl.Expr:
    """The day of a record: its tag `date:2026-11-25`, or the last day that its file's path holds; null for neither."""
    tagged = pl.col("tags").list.eval(pl.element().filter(pl.element().str.starts_with(DATE))).list.first()
    text = pl.coalesce(tagged.str.strip_prefix(DATE), pl.col("source").struct.field("file"))
    groups = text.str.extract_groups(DAY_IN_PATH)
    month, day = (pl.coalesce(*(groups.struct.field(str(n)) for n in written)) for written in ((2, 4, 6), (3, 5, 7)))
    whole = pl.concat_str(groups.struct.field("1"), month.str.zfill(2), day.str.zfill(2), separator="-")
    return whole.str.to_date("%Y-%m-%d", strict=False)


def authority(sources: tuple[str, ...]) -> pl.Expr:
    """The rank of a record's file among the sources, by its path or by its name; their number where it is none."""
    ranks = {name: rank for rank, name in enumerate(sources)}
    path = pl.col("source").struct.field("file")
    keys = (path, path.str.extract(FILE_NAME))
    return pl.coalesce(
        *(key.replace_strict(ranks, default=None, return_dtype=pl.Int64) for key in keys), pl.lit(len(sources))
    )


def ranked(frame: pl.DataFrame, order: tuple[Preference, ...], sources: tuple[str, ...]) -> pl.Series:
    """Sort the indices of the records by the order in which they survive: as the recipe prefers, ties by id."""
    keys: dict[Preference, pl.Expr] = {
        "reviewed": ~has_tag(REVIEWED),
        "pinned": ~has_tag(PINNED),
        "newer": (pl.lit(date.max) - record_date().fill_null(date.min)).dt.total_days(),
        "longer": -side_text("answer").str.len_chars().cast(pl.Int64),
        "source": authority(sources),
    }
    names = list(dict.fromkeys(order))  # a name that comes twice has decided already
    claims = in_batches(frame, lambda batch: batch.select("id", *(keys[name].alias(name) for name in names)))
    return claims.with_row_index("index").sort(*names, "id")["index"]
