"""Who stays where records repeat or contradict each other: the order of their claims."""

from datetime import date
from typing import Literal

import polars as pl

from curate.duplicates.sides import said
from curate.duplicates.similarity.batches import by_pieces

Preference = Literal["reviewed", "pinned", "newer", "longer", "source"]
NAME = r"([^/\\]+)$"
"""Of a path, its last part."""
DAY = (
    r"^.*(20\d\d)(?:年(\d{1,2})月(\d{1,2})|[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"|[-_.](\d{1,2})[-_.](\d{1,2}))"
)
"""The last day of a path: `2025-06-01`, `20250601`, `2025.6.1`, `2025年6月1日`."""


def when() -> pl.Expr:
    """The day of a record: its tag `date:2026-11-25`, or the last day that its file's path holds; null for neither."""
    tagged = pl.col("tags").list.eval(pl.element().filter(pl.element().str.starts_with("date:"))).list.first()
    told = pl.coalesce(tagged.str.strip_prefix("date:"), pl.col("source").struct.field("file"))
    parts = told.str.extract_groups(DAY)
    month, day = (pl.coalesce(*(parts.struct.field(str(n)) for n in some)) for some in ((2, 4, 6), (3, 5, 7)))
    whole = pl.concat_str(parts.struct.field("1"), month.str.zfill(2), day.str.zfill(2), separator="-")
    return whole.str.to_date("%Y-%m-%d", strict=False)


def authority(sources: tuple[str, ...]) -> pl.Expr:
    """The place of a record's file among the sources, by its path or by its name; their number where it is none."""
    place = {name: number for number, name in enumerate(sources)}
    path = pl.col("source").struct.field("file")
    told = (each.replace_strict(place, default=None, return_dtype=pl.Int64) for each in (path, path.str.extract(NAME)))
    return pl.coalesce(*told, pl.lit(len(sources)))


def ranked(frame: pl.DataFrame, order: tuple[Preference, ...], sources: tuple[str, ...]) -> pl.Series:
    """The places of the records in the order in which they survive: as the recipe prefers, ties by id."""
    keys: dict[Preference, pl.Expr] = {
        "reviewed": ~pl.col("tags").list.contains("reviewed"),
        "pinned": ~pl.col("tags").list.contains("pinned"),
        "newer": (pl.lit(date.max) - when().fill_null(date.min)).dt.total_days(),
        "longer": -said("answer").str.len_chars().cast(pl.Int64),
        "source": authority(sources),
    }
    names = list(dict.fromkeys(order))  # one named twice has decided already
    wanted = by_pieces(frame, lambda some: some.select("id", *(keys[name].alias(name) for name in names)))
    return wanted.with_row_index("place").sort(*names, "id")["place"]
