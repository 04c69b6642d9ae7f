"""Which texts are near texts that are held out: exam questions, and the rows of outside benchmarks."""

import numpy as np
import polars as pl

from curate.duplicates.side_comparison import HAN_BYTES, LIMITS, Limits, SideComparison
from curate.duplicates.similarity.arrays import Pairs
from curate.duplicates.similarity.candidates import Search, cluster_leaders
from curate.duplicates.similarity.shingles import SIZES
from curate.duplicates.texts.normalize import normalize
from curate.system.parallel import every_core

EXAM_SOURCE = "exam"
MIN_LENGTH = 6
"""Han characters (three letters count as one) below which a text is too common to count as contamination."""


def user_turns(frame: pl.DataFrame) -> pl.DataFrame:
    """Take what users say, a line a turn: `id`, `file`, `row`, `text`.

    `row` is the first raw row of the record; null for a record that was written for the dataset.
    """
    source = pl.col("source").struct
    turns = frame.select("id", "messages", file=source.field("file"), row=source.field("rows").list.first())
    turns = turns.explode("messages", keep_nulls=False, empty_as_null=False).unnest("messages")
    return turns.filter(pl.col("role") == "user").select("id", "file", "row", text="content")


def exam_texts(exam: pl.DataFrame) -> pl.DataFrame:
    """Take what is asked in the exam, as texts that are held out."""
    return user_turns(exam).select("text", source=pl.lit(EXAM_SOURCE), line=pl.lit(None, pl.Int64))


def near_held_out(
    held_out: pl.DataFrame, training: pl.DataFrame, limits: Limits = LIMITS, least: int = MIN_LENGTH
) -> pl.DataFrame:
    """Find the lines of `training` whose text is near one of `held_out`, with that one's `source` and `line`.

    A pair is a line. As duplicates are found, but a number or a name that differs does not excuse here. Texts shorter
    than `least` are not compared.
    """
    held_out, training = _long_enough(held_out, least), _long_enough(training, least)
    texts = pl.concat([held_out["normalized"], training["normalized"]]).rename("text")
    with every_core() as cores:
        leaders = pl.Series("leader", cluster_leaders(texts, Search(SIZES, limits.floor), cores))

    # only texts with one leader can be near: pair each of training with each that is held out
    ours, theirs = (
        side.with_columns(side_leaders).with_row_index("index")
        for side, side_leaders in (
            (training, leaders[held_out.height :]),
            (held_out, leaders[: held_out.height]),
        )
    )
    joined = ours.join(theirs, on="leader", suffix="_held_out")
    pairs = joined.select(pl.col("index_held_out"), pl.col("index") + held_out.height)
    candidates: Pairs = pairs.sort("index", "index_held_out").to_numpy().astype(np.int64)

    # then measure each pair, with the text as the only side
    sides = pl.DataFrame({"question": texts, "answer": pl.Series([None] * len(texts), dtype=pl.String)})
    near = candidates[SideComparison(sides).similarity(candidates).near(limits)]
    sources = held_out.select("source", "line")[near[:, 0].tolist()]
    return training[(near[:, 1] - held_out.height).tolist()].drop("normalized").with_columns(*sources)


def any_long_enough(texts: pl.Series, least: int) -> bool:
    """Tell whether any of the texts is long enough to be compared."""
    return not _long_enough(texts.alias("text").to_frame(), least).is_empty()


def _long_enough(texts: pl.DataFrame, least: int) -> pl.DataFrame:
    """Normalize the texts, and keep those of `least` Han characters or more."""
    normalized = texts.with_columns(normalized=normalize(texts["text"])).drop("text")
    return normalized.filter(pl.col("normalized").str.len_bytes() >= least * HAN_BYTES)
