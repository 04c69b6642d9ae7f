"""Which texts are near texts that are held out: exam questions, and the rows of outside benchmarks."""

import numpy as np
import polars as pl

from curate.duplicates.clusters import HAN_BYTES, SIZES, Limits, Sides
from curate.duplicates.normalize import near_views
from curate.duplicates.similarity.candidates import Search, together
from curate.duplicates.similarity.jaccard import Pairs
from curate.system.parallel import every_core

LIMITS = Limits(0.8, 0.9, 0.6, 16)
"""As duplicates are found; a number or a name that differs does not excuse here."""
EXAM = "exam"
LEAST = 6
"""Han characters (of letters three count as one) below which a text is too common to leak."""


def asked(frame: pl.DataFrame) -> pl.DataFrame:
    """What users say, a line a turn: `id`, `file`, `row` (the first of the record; null for a written one), `text`."""
    source = pl.col("source").struct
    said = frame.select("id", "messages", file=source.field("file"), row=source.field("rows").list.first())
    said = said.explode("messages", keep_nulls=False, empty_as_null=False).unnest("messages")
    return said.filter(pl.col("role") == "user").select("id", "file", "row", text="content")


def questions_held(exam: pl.DataFrame) -> pl.DataFrame:
    """What is asked in the exam, as texts that are held out."""
    return asked(exam).select("text", source=pl.lit(EXAM), line=pl.lit(None, pl.Int64))


def near_held(held: pl.DataFrame, training: pl.DataFrame, limits: Limits = LIMITS, least: int = LEAST) -> pl.DataFrame:
    """The lines of `training` whose text is near one of `held`, with that one's `source` and `line`; a pair a line."""
    held, training = _long(held, least), _long(training, least)
    texts = pl.concat([held["view"], training["view"]]).rename("text")
    with every_core() as cores:
        trees = pl.Series("tree", together(texts, Search(SIZES, limits.floor), cores))
    ours, theirs = (
        some.with_columns(tree).with_row_index("place")
        for some, tree in ((training, trees[held.height :]), (held, trees[: held.height]))
    )
    pairs = ours.join(theirs, on="tree", suffix="_held").select(pl.col("place_held"), pl.col("place") + held.height)
    places: Pairs = pairs.sort("place", "place_held").to_numpy().astype(np.int64)
    both = pl.DataFrame({"question": texts, "answer": pl.Series([None] * len(texts), dtype=pl.String)})
    near = places[Sides(both).likeness(places).near(limits)]
    places_held = held.select("source", "line")[near[:, 0].tolist()]
    return training[(near[:, 1] - held.height).tolist()].drop("view").with_columns(*places_held)


def long_enough(texts: pl.Series, least: int) -> bool:
    """Whether any of the texts is long enough to be compared."""
    return not _long(texts.alias("text").to_frame(), least).is_empty()


def _long(texts: pl.DataFrame, least: int) -> pl.DataFrame:
    seen = texts.with_columns(view=near_views(texts["text"])).drop("text")
    return seen.filter(pl.col("view").str.len_bytes() >= least * HAN_BYTES)
