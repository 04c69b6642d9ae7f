"""What rules look at: one row per record with its turns as columns of text."""

import polars as pl

from rules import COLUMNS
from schemas.language import by_words, language
from schemas.scores import SCORE_COLUMNS

JOINER = "\n"
PAIR = ("user", "assistant")


def rule_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Lay out a frame of records in the columns of `rules.COLUMNS`; those of scores by models are empty."""
    is_pair = _is_pair(frame)
    if is_pair.all():
        columns = _pairs(frame)
    elif is_pair.any():
        rows = pl.concat([is_pair.arg_true(), (~is_pair).arg_true()])
        both = pl.concat([_pairs(frame.filter(is_pair)), _conversations(frame.filter(~is_pair))])
        columns = both[rows.arg_sort()]  # back in the order of the frame
    else:
        columns = _conversations(frame)
    unscored = {name: pl.lit(None, COLUMNS[name]) for name in SCORE_COLUMNS}
    return columns.with_columns(
        question_lang=_language(columns["question"]), reply_lang=_language(columns["reply"]), **unscored
    ).select(COLUMNS.names())


def _is_pair(frame: pl.DataFrame) -> pl.Series:
    """Tell which records are one question and one reply: most are, and need no joining."""
    roles = pl.col("messages").list
    return frame.select(
        (roles.len() == len(PAIR))
        & (roles.get(0, null_on_oob=True).struct.field("role") == PAIR[0]).fill_null(False)
        & (roles.get(1, null_on_oob=True).struct.field("role") == PAIR[1]).fill_null(False)
    ).to_series()


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    """Lay out records of one question and one reply, the short way."""
    columns = frame.select(
        "id",
        "kind",
        "lang",
        question=pl.col("messages").list.get(0).struct.field("content"),
        reply=pl.col("messages").list.get(1).struct.field("content"),
    )
    return columns.with_columns(
        text=pl.concat_str("question", "reply", separator=JOINER),
        last_question="question",
        last_reply="reply",
        turns=pl.lit(len(PAIR), pl.Int64),
        roles=pl.lit(list(PAIR), pl.List(pl.String())),
    )


def _conversations(frame: pl.DataFrame) -> pl.DataFrame:
    """Lay out records of any messages: those of each side are joined by a line feed."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    messages = pl.col("messages")
    questions, replies = (messages.list.eval(content.filter(role == side)) for side in PAIR)

    # An empty list has no last text: the side then says nothing.
    return frame.select(
        "id",
        "kind",
        "lang",
        question=questions.list.join(JOINER),
        reply=replies.list.join(JOINER),
        text=messages.list.eval(content).list.join(JOINER),
        last_question=questions.list.last().fill_null(""),
        last_reply=replies.list.last().fill_null(""),
        turns=messages.list.len().cast(pl.Int64),
        roles=messages.list.eval(role),
    )


def _language(texts: pl.Series) -> pl.Series:
    """Find the language of each text, by its script, and for Latin letters by small words."""
    langs = language(texts)
    latin = langs == "en"
    return langs.scatter(latin.arg_true(), by_words(texts.filter(latin))) if latin.any() else langs
