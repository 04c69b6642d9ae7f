"""Forms conversations from turns: who spoke to whom, in what order, and what of it can teach."""

from dataclasses import dataclass

import polars as pl

from curate.conversations.content_ids import Seen
from curate.conversations.merge_messages import merged_runs
from curate.conversations.notices import notices_and_greetings
from schemas.digest import digest, digest_each
from schemas.frame import SCHEMA
from schemas.input import Input
from schemas.language import language
from schemas.ledger import EVENTS, events_of

BETWEEN = "\x1e"
"""Stands between the messages of what an id digests. A text that holds it itself does no harm: two contents that
became equal would be told apart by their order, as equal ones are.
"""
NOBODY = ["notice", "robot_greeting", "empty"]
"""Why a turn is said by nobody."""
FORMED = ("record", "key", "message", "content", "lang", "rows")
"""What is known of conversations before they have ids."""


@dataclass(frozen=True)
class Sessions:
    """The records, and one event for every raw row: kept with the id of its record, or dropped with the reason.

    A row that makes several records, because a long session was cut, has an event for each.
    """

    records: pl.DataFrame
    events: pl.DataFrame


def form_sessions(turns: pl.DataFrame, spec: Input, file: str, seen: Seen) -> Sessions:
    """Conversations that begin with the customer and end with the agent. `file` is the digest of the raw file.

    `seen` counts equal contents over all inputs and is updated: an id digests the content and how many equal ones
    came before, so that rows added to a file leave the ids of all others alone.
    """
    if turns.is_empty():
        return Sessions(pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=EVENTS))
    said = _in_sessions(turns, notices=not spec.sessions.keep_notices)
    short = _is_exchange(said)
    alone, said = _exchanges(said.filter(short)), said.filter(~short)
    runs = merged_runs(said, spec.sessions.joiner)
    runs = _inside(runs, open_end=spec.kind == "refusal", window=spec.sessions.window)
    records = pl.concat([alone, _conversations(runs, said, spec.sessions.joiner)]) if said.height else alone
    if alone.height < records.height:
        records = records.sort("key", "record")
    ids = _ids(records["content"], spec.kind, seen)
    records = records.with_columns(id=ids, group=ids.gather(_first_of_session(records)))
    placed = _placed_alone(records)
    if said.height:
        placed = pl.concat([placed, _placed(said, runs, records)]).sort("row", "id")
    return Sessions(_described(records, spec, file), _events(placed, spec.path))


def _is_exchange(said: pl.DataFrame) -> pl.Series:
    """Which turns are one of the two of a session that is one question and its answer, in one row."""
    key, role = pl.col("key"), pl.col("role")
    same = (key == key.shift(-1)) & (pl.col("row") == pl.col("row").shift(-1))
    alone = (key != key.shift(1)).fill_null(True) & (key != key.shift(-2)).fill_null(True)
    asks = same & alone & (role == "user") & (role.shift(-1) == "assistant")
    return said.select(asked=asks.fill_null(False)).select(
        pl.col("asked") | pl.col("asked").shift(1, fill_value=False)
    )["asked"]


def _exchanges(said: pl.DataFrame) -> pl.DataFrame:
    """What `_conversations` says of such sessions, the short way; `record` is negative."""
    asked, answered = said.gather_every(2), said.gather_every(2, offset=1)
    message = said.select(message=pl.struct("role", content="text"))["message"].reshape((-1, 2)).arr.to_list()
    content = pl.select(pl.concat_str(asked["text"], pl.lit(BETWEEN), answered["text"])).to_series()
    return asked.select(
        "key",
        record=-1 - pl.col("key"),
        message=message,
        content=content,
        lang=language(content),
        rows=pl.concat_list("row"),
    ).select(FORMED)


def _placed_alone(records: pl.DataFrame) -> pl.DataFrame:
    alone = records.filter(pl.col("record") < 0)
    return alone.select("id", row=pl.col("rows").list.first(), reason=pl.lit(None, pl.String)).select(
        "row", "id", "reason"
    )


def _in_sessions(turns: pl.DataFrame, *, notices: bool) -> pl.DataFrame:
    """The turns by session and in order, with `key` (the session's number, by first appearance) and `role`: user,
    assistant, system, or why nobody said it.
    """
    if turns["session"].null_count() == turns.height:
        keyed = turns.with_columns(key=pl.col("row").rle_id().cast(pl.Int64))
    else:
        named = turns.with_columns(session=pl.coalesce("session", pl.format("#{}", "row")))
        keys = named.select("session").unique(maintain_order=True).with_row_index("key")
        keyed = named.join(keys, on="session", maintain_order="left").with_columns(pl.col("key").cast(pl.Int64))
        keyed = keyed.sort("key", maintain_order=True)
    text = keyed["text"].str.strip_chars()
    nobody, robot = keyed["role"] == "note", None
    if notices:
        notice, robot = notices_and_greetings(text)
        nobody |= notice
    role = (
        pl.when(pl.lit(nobody))
        .then(pl.lit("notice"))
        .when(pl.lit(text == ""))
        .then(pl.lit("empty"))
        .otherwise(pl.lit(keyed["role"]))
    )
    said = keyed.select("row", "key", text=text).with_columns(role=role)
    return said if robot is None else _without_greetings(said, robot)


def _without_greetings(said: pl.DataFrame, robot: pl.Series) -> pl.DataFrame:
    """A robot's greeting is nobody's answer where the agent says something else in the session."""
    robot &= said["role"] == "assistant"
    if not robot.any():
        return said
    person = (pl.col("role") == "assistant") & ~pl.col("robot")
    greets = pl.col("robot") & person.any().over("key")
    greeted = said.with_columns(robot=robot)
    return greeted.with_columns(role=pl.when(greets).then(pl.lit("robot_greeting")).otherwise("role")).drop("robot")


def _inside(runs: pl.DataFrame, *, open_end: bool, window: int | None) -> pl.DataFrame:
    """The runs with `record`, the number of the conversation they belong to (empty outside of one), and `reason`,
    why a session makes none.
    """
    place, is_user = pl.int_range(pl.len()), pl.col("is_user")
    bounds = (
        runs.with_columns(place=place)
        .group_by("key", maintain_order=True)
        .agg(
            begins=pl.col("place").filter("is_user").first(),
            ends=pl.col("place").filter(~is_user).last(),
            last=pl.col("place").last(),
        )
    )
    if open_end:
        answered = pl.col("ends") > pl.col("begins")
        bounds = bounds.with_columns(ends=pl.when(answered).then("ends").otherwise("last"))
    runs = runs.with_columns(place=place).join(bounds, on="key", how="left", maintain_order="left")
    inside = pl.col("place").is_between("begins", "ends").fill_null(False)
    part = (pl.col("place") - pl.col("begins")) // (window or 1 << 40)
    return runs.with_columns(
        part=pl.when(inside).then(part),
        reason=pl.when(pl.col("begins").is_null())
        .then(pl.lit("no_question"))
        .when((pl.col("ends") < pl.col("begins")) | pl.col("ends").is_null())
        .then(pl.lit("no_answer"))
        .when(pl.col("place") < pl.col("begins"))
        .then(pl.lit("before_question"))
        .when(pl.col("place") > pl.col("ends"))
        .then(pl.lit("unanswered")),
    ).with_columns(record=pl.when(inside).then((pl.col("key") * (1 << 32) + pl.col("part")).rle_id().cast(pl.Int64)))


def _conversations(runs: pl.DataFrame, said: pl.DataFrame, joiner: str) -> pl.DataFrame:
    """One line per conversation: `record`, `key`, `message`, `lang`, `rows`, and `content`, what its id is made of."""
    inside = runs.filter(pl.col("record").is_not_null())
    role = pl.when("is_user").then(pl.lit("user")).otherwise(pl.lit("assistant"))
    records = (
        inside.with_columns(message=pl.struct(role=role, content="content"))
        .group_by("record", maintain_order=True)
        .agg(pl.col("key").first(), "message", "content")
        .with_columns(content=pl.col("content").list.join(BETWEEN))
    )
    records = records.with_columns(lang=language(records["content"]))
    records = _with_system(records, said.filter(pl.col("role") == "system"), joiner)
    rows = _rows(said, runs)
    return records.join(rows, on="record", how="left", maintain_order="left").select(FORMED)


def _described(records: pl.DataFrame, spec: Input, file: str) -> pl.DataFrame:
    """The records in their own layout."""
    return (
        records.with_columns(
            messages="message",
            kind=pl.lit(spec.kind),
            source=pl.struct(file=pl.lit(spec.path), digest=pl.lit(file), rows="rows"),
            parent=pl.lit(None, pl.String),
            tags=pl.lit(spec.tags, pl.List(pl.String)),
        )
        .select(SCHEMA.names())
        .cast(SCHEMA)
    )


def _with_system(records: pl.DataFrame, system: pl.DataFrame, joiner: str) -> pl.DataFrame:
    """The system message of each session first: there is one, wherever and however often it stood."""
    if system.is_empty():
        return records
    first = system.group_by("key").agg(told=pl.col("text").unique(maintain_order=True).str.join(joiner))
    joined = records.join(first, on="key", how="left", maintain_order="left")
    message = pl.concat_list(pl.struct(role=pl.lit("system"), content="told"))
    has = pl.col("told").is_not_null()
    return joined.with_columns(
        message=pl.when(has).then(pl.concat_list(message, "message")).otherwise("message"),
        content=pl.when(has).then(pl.concat_str("told", pl.lit(BETWEEN * 2), "content")).otherwise("content"),
    )


def _turn_runs(said: pl.DataFrame) -> pl.Series:
    """For every turn the number of its run; empty for what nobody of the two said."""
    spoken = said["role"].is_in(["user", "assistant"])
    keys = said.filter(spoken).select((pl.col("key") * 2 + (pl.col("role") == "user")).rle_id().cast(pl.Int64))
    empty = pl.repeat(None, said.height, dtype=pl.Int64, eager=True)
    return empty.scatter(spoken.arg_true(), keys.to_series())


def _turn_records(said: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Every turn with its `record` and `reason`; a system message stands in the first conversation of its session."""
    of_run = runs.select(pl.col("run").cast(pl.Int64), "record", "reason")
    turns = said.with_columns(run=_turn_runs(said)).join(of_run, on="run", how="left", maintain_order="left")
    if (said["role"] == "system").any():
        first = runs.filter(pl.col("record").is_not_null()).group_by("key").agg(first=pl.col("record").min())
        turns = turns.join(first, on="key", how="left", maintain_order="left").with_columns(
            record=pl.when(pl.col("role") == "system").then("first").otherwise("record")
        )
    return turns


def _rows(said: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """The raw rows of each conversation."""
    turns = _turn_records(said, runs).filter(pl.col("record").is_not_null()).group_by("record")
    bounds = turns.agg(first=pl.col("row").min(), last=pl.col("row").max())
    if (bounds["first"] == bounds["last"]).all():
        return bounds.select("record", rows=pl.concat_list("first"))
    return turns.agg(rows=pl.col("row").unique().sort())


def _ids(contents: pl.Series, kind: str, seen: Seen) -> pl.Series:
    ids = digest_each(kind, contents.cast(pl.Binary).to_list())
    for place, (content, ordinal) in enumerate(zip(ids, seen.ordinals(ids), strict=True)):
        if ordinal:
            ids[place] = digest("record", content, ordinal)
    return pl.Series("id", ids, dtype=pl.String)


def _first_of_session(records: pl.DataFrame) -> pl.Series:
    """For each conversation the place of the first one of its session: what a long one was cut into stays together."""
    if records["key"].is_sorted() and records["key"].n_unique() == records.height:
        return pl.int_range(records.height, eager=True)
    return records.with_row_index("place").select(pl.col("place").first().over("key")).to_series()


def _placed(said: pl.DataFrame, runs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Each raw row with the id of each of its conversations, or with the reason why it is in none."""
    turns = _turn_records(said, runs)
    kept = turns.filter(pl.col("record").is_not_null()).select("row", "record").unique()
    kept = kept.join(records.select("record", "id"), on="record").select("row", "id", reason=pl.lit(None, pl.String))
    if kept.height == said["row"].n_unique() and kept["row"].n_unique() == kept.height:
        return kept.sort("row")
    # Why a session makes no conversation is said by any of its runs; one without runs has only notices and voids.
    why = runs.group_by("key").agg(session=pl.col("reason").filter(pl.col("record").is_null()).first())
    left = turns.join(kept, on="row", how="anti").join(why, on="key", how="left", maintain_order="left")
    reason = (
        pl.when(pl.col("role").is_in(NOBODY))
        .then("role")
        .otherwise(pl.coalesce("reason", "session", pl.lit("no_question")))
    )
    rest = left.with_columns(reason=reason).group_by("row").agg(_foremost("reason"))
    return pl.concat([kept, rest.select("row", pl.lit(None, pl.String).alias("id"), "reason")]).sort("row", "id")


def _foremost(column: str) -> pl.Expr:
    """The first reason that is about what was said, before those about nothing said."""
    told = pl.col(column).filter(~pl.col(column).is_in(NOBODY))
    return pl.coalesce(told.first(), pl.col(column).first()).alias(column)


def _events(placed: pl.DataFrame, file: str) -> pl.DataFrame:
    """The events of the rows, in their order."""
    by_row = placed.with_columns(file=pl.lit(file))
    dropped = pl.col("id").is_null()
    return pl.concat(
        [
            events_of(by_row.filter(~dropped), "session", "kept"),
            events_of(by_row.filter(dropped), "session", "dropped"),
        ]
    ).sort("row", maintain_order=True)
