"""Which texts are near texts that are held out: exam questions, and the rows of outside benchmarks."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from curate.duplicates.side_comparison import HAN_BYTES, LIMITS, Limits, SideComparison, Similarity
from curate.duplicates.similarity.arrays import Pairs
from curate.duplicates.similarity.candidates import Search, cluster_leaders
from curate.duplicates.similarity.shingles import SIZES
from curate.duplicates.texts.normalize import normalize
from curate.system.parallel import every_core

EXAM_SOURCE = "exam"
MIN_LENGTH = 6
"""Han characters (three letters count as one) below which a text is too common to count as contamination."""
PAIRS = 1 << 18
"""Pairs that are compared at once: templates make clusters in which each question meets most of a million rows."""


def user_turns(frame: pl.DataFrame) -> pl.DataFrame:
    """Take what users say, a line a turn: `id`, `file`, `row`, `text`.

    `row` is the first raw row of the record; null for a record that was written for the dataset.
    """
    source = pl.col("source").struct
    turns = frame.select("id", "messages", file=source.field("file"), row=source.field("rows").list.first())
    return _with_user_texts(turns)


def exam_texts(exam: pl.DataFrame) -> pl.DataFrame:
    """Take what is asked in the exam, as texts that are held out, with the id of the `question`.

    `exam` holds records, or the questions that were made of them: these end at the turn that is answered.
    """
    turns = _with_user_texts(exam.select("id", "messages"))
    return turns.select("text", source=pl.lit(EXAM_SOURCE), line=pl.lit(None, pl.Int64), question="id")


def _with_user_texts(conversations: pl.DataFrame) -> pl.DataFrame:
    """Give a line to each message of a user, with its `text` instead of all `messages`."""
    turns = conversations.explode("messages", keep_nulls=False, empty_as_null=False).unnest("messages")
    return turns.filter(pl.col("role") == "user").drop("role").rename({"content": "text"})


def near_held_out(
    held_out: pl.DataFrame, training: pl.DataFrame, limits: Limits = LIMITS, least: int = MIN_LENGTH
) -> pl.DataFrame:
    """Find the lines of `training` whose text is near one of `held_out`.

    A pair is a line: the other columns of both, and how near they are (`jaccard`, `edit`). As duplicates are found, but
    a number or a name that differs does not excuse here. Texts shorter than `least` are not compared.
    """
    held_out, training = _long_enough(held_out, least), _long_enough(training, least)
    pairs, measured = _near_pairs(held_out["normalized"], training["normalized"], limits)
    theirs = held_out.drop("normalized")[pairs[:, 0].tolist()]
    ours = training.drop("normalized")[pairs[:, 1].tolist()]
    return ours.with_columns(*theirs, jaccard=measured.jaccard, edit=measured.edit)


def near_or_equal(questions: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """Find the turns of users that give a question away: near it by LIMITS, or equal to it, however short both are.

    `questions` has the columns `question` and `text`, `turns` has `id` and `text`. A pair of both ids is a line: `id`,
    `question`, and the `jaccard` similarity of the nearest turn.
    """
    near = near_held_out(questions, turns).select("id", "question", "jaccard")
    # Texts below MIN_LENGTH are not compared by what they share.
    texts = [side.select(name, text=normalize(side["text"])) for side, name in ((turns, "id"), (questions, "question"))]
    equal = texts[0].join(texts[1], on="text").select("id", "question", jaccard=pl.lit(1.0))
    pairs = pl.concat([near, equal]).sort("id", "question", "jaccard", descending=[False, False, True])
    return pairs.unique(["id", "question"], keep="first", maintain_order=True)


def _near_pairs(held_out: pl.Series, training: pl.Series, limits: Limits) -> tuple[Pairs, Similarity]:
    """Find the pairs of indices into both whose texts are near, by those of training, and measure them."""
    near: list[Pairs] = [np.empty((0, 2), np.int64)]
    measured = [Similarity(*np.empty((3, 0)))]
    if held_out.is_empty() or training.is_empty():
        return near[0], measured[0]

    count, texts = len(held_out), pl.concat([held_out, training]).rename("text")
    with every_core() as cores:
        # only texts with one leader can be near
        leaders = pl.Series("leader", cluster_leaders(texts, Search(SIZES, limits.floor), cores))
        led = pl.DataFrame([leaders, texts]).with_row_index("line")
        led = led.filter(pl.col("leader").is_in(leaders[:count].implode()))
        no_answer = pl.lit(None, pl.String)
        sides = SideComparison(led.select(question="text", answer=no_answer), cores)

        # pair each of training with each that is held out, rule most pairs out, and measure the rest
        for pairs in _with_one_leader(led["leader"], count):
            possible = pairs[sides.may_be_near(pairs, limits._replace(floor=limits.jaccard))]
            similarity = sides.similarity(possible)
            is_near = similarity.near(limits)
            near.append(possible[is_near])
            measured.append(Similarity(*(column[is_near] for column in similarity)))

    lines: Pairs = led["line"].cast(pl.Int64).to_numpy()[np.concatenate(near)] - [0, count]
    return lines, Similarity(*(np.concatenate(columns) for columns in zip(*measured, strict=True)))


def _with_one_leader(leaders: pl.Series, count: int) -> Iterator[Pairs]:
    """Pair the first `count` indices with all others that have the same leader, PAIRS at a time or a few more."""
    indexed = leaders.to_frame().with_row_index("index").cast(pl.Int64)
    held_out, others = indexed.head(count), indexed.tail(-count)
    others = others.join(held_out.group_by("leader").len("pairs"), on="leader", maintain_order="left")
    numbered = others.with_columns(part=pl.col("pairs").cum_sum() // PAIRS)
    for part in numbered.partition_by("part", maintain_order=True):
        pairs = part.join(held_out, on="leader", suffix="_held_out").sort("index", "index_held_out")
        yield pairs.select("index_held_out", "index").to_numpy()


def any_long_enough(texts: pl.Series, least: int) -> bool:
    """Tell whether any of the texts is long enough to be compared."""
    return not _long_enough(texts.alias("text").to_frame(), least).is_empty()


def _long_enough(texts: pl.DataFrame, least: int) -> pl.DataFrame:
    """Normalize the texts, and keep those of `least` Han characters or more."""
    normalized = texts.with_columns(normalized=normalize(texts["text"])).drop("text")
    return normalized.filter(pl.col("normalized").str.len_bytes() >= least * HAN_BYTES)
