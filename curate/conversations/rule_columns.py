"""What rules look at: one line per record with its turns as columns of text."""

import polars as pl

from rules import VIEW
from schemas.language import by_words, language

JOINER = "\n"
PAIR = "user assistant"


def view(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of `rules.VIEW` for a frame of records."""
    pairs = _is_pair(frame)
    if pairs.all():
        seen = _pairs(frame)
    elif pairs.any():
        places = pl.concat([pairs.arg_true(), (~pairs).arg_true()])
        seen = pl.concat([_pairs(frame.filter(pairs)), _conversations(frame.filter(~pairs))])[places.arg_sort()]
    else:
        seen = _conversations(frame)
    return seen.with_columns(question_lang=_language(seen["question"]), reply_lang=_language(seen["reply"])).select(
        VIEW.names()
    )


def _is_pair(frame: pl.DataFrame) -> pl.Series:
    """Which records are one question and one reply: most are, and need no joining."""
    roles = pl.col("messages").list
    return frame.select(
        (roles.len() == 2)
        & (roles.get(0, null_on_oob=True).struct.field("role") == "user").fill_null(False)
        & (roles.get(1, null_on_oob=True).struct.field("role") == "assistant").fill_null(False)
    ).to_series()


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    said = frame.select(
        "id",
        "kind",
        "lang",
        question=pl.col("messages").list.get(0).struct.field("content"),
        reply=pl.col("messages").list.get(1).struct.field("content"),
    )
    return said.with_columns(
        text=pl.concat_str("question", "reply", separator=JOINER),
        last_question="question",
        last_reply="reply",
        turns=pl.lit(2, pl.Int64),
        roles=pl.lit(PAIR.split(), pl.List(pl.String())),
    )


def _conversations(frame: pl.DataFrame) -> pl.DataFrame:
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
    )


def _language(texts: pl.Series) -> pl.Series:
    """By script, and for Latin letters by small words."""
    found = language(texts)
    latin = found == "en"
    return found.scatter(latin.arg_true(), by_words(texts.filter(latin))) if latin.any() else found
