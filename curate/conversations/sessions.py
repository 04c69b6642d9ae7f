"""Forms conversations from turns: who spoke to whom, in what order, and what of it can teach."""

from dataclasses import dataclass

import polars as pl

from curate.conversations.content_ids import ContentCounter
from curate.conversations.merge_messages import merged_runs
from curate.conversations.notices import notices_and_greetings, withdrawn
from schemas.digest import digest, digest_each
from schemas.formats.turns import WITHDRAWN
from schemas.frame import SCHEMA
from schemas.input import Input
from schemas.language import language
from schemas.ledger import EVENTS, events_of

SEPARATOR = "\x1e"
"""Stands between the messages of what an id digests. A text that holds it itself does no harm: two contents that
became equal would be told apart by their order, as equal ones are.
"""
NOBODY = ["notice", "robot_greeting", "media", "internal", "empty", WITHDRAWN]
"""Why a turn is said by nobody."""
FORMED = ("record", "key", "message", "content", "lang", "rows")
"""The columns of conversations before they have ids."""


@dataclass(frozen=True)
class Sessions:
    """The records, and one event for every raw row: kept with the id of its record, or dropped with the reason.

    A row that makes several records, because a long session was cut, has an event for each.
    """

    records: pl.DataFrame
    events: pl.DataFrame


def form_sessions(turns: pl.DataFrame, spec: Input, file: str, counter: ContentCounter) -> Sessions:
    """Form conversations that begin with the customer and end with the agent. `file` is the digest of the raw file.

    `counter` counts equal contents over all inputs and is updated: an id digests the content and how many equal ones
    came before, so that rows added to a file leave the ids of all others alone.
    """
    if turns.is_empty():
        return Sessions(pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=EVENTS))

    # 1. Conversations: most rows of large files are one exchange each, for which there is a short way.
    turns = _in_sessions(turns, notices=not spec.sessions.keep_notices)
    is_exchange = _is_exchange(turns)
    records, turns = _exchanges(turns.filter(is_exchange)), turns.filter(~is_exchange)
    runs = merged_runs(turns, spec.sessions.joiner)
    runs = _inside(runs, open_end=spec.kind == "refusal", window=spec.sessions.window)
    if turns.height:
        conversations = _conversations(runs, turns, spec.sessions.joiner)
        records = pl.concat([records, conversations])
        if conversations.height:
            records = records.sort("key", "record")

    # 2. Ids. What a long session was cut into is one group, that of its first conversation.
    ids = _ids(records["content"], spec.kind, counter)
    records = records.with_columns(id=ids, group=ids.gather(_first_of_session(records)))

    # 3. What became of each row.
    outcomes = _exchange_outcomes(records)
    if turns.height:
        outcomes = pl.concat([outcomes, _row_outcomes(turns, runs, records)]).sort("row", "id")
    return Sessions(_described(records, spec, file), _events(outcomes, spec.path))


def _is_exchange(turns: pl.DataFrame) -> pl.Series:
    """Tell which turns are one of the two of a session that is one question and its answer, in one row."""
    key, role = pl.col("key"), pl.col("role")
    same_row = (key == key.shift(-1)) & (pl.col("row") == pl.col("row").shift(-1))
    only_two = (key != key.shift(1)).fill_null(True) & (key != key.shift(-2)).fill_null(True)
    is_question = same_row & only_two & (role == "user") & (role.shift(-1) == "assistant")
    questions = turns.select(is_question.fill_null(False)).to_series()
    return questions | questions.shift(1, fill_value=False)


def _exchanges(turns: pl.DataFrame) -> pl.DataFrame:
    """Form the conversations of such sessions as `_conversations` would, the short way; `record` is negative."""
    questions, answers = turns.gather_every(2), turns.gather_every(2, offset=1)
    message = turns.select(message=pl.struct("role", content="text"))["message"].reshape((-1, 2)).arr.to_list()
    content = pl.select(pl.concat_str(questions["text"], pl.lit(SEPARATOR), answers["text"])).to_series()
    return questions.select(
        "key",
        record=-1 - pl.col("key"),
        message=message,
        content=content,
        lang=language(content),
        rows=pl.concat_list("row"),
    ).select(FORMED)


def _exchange_outcomes(records: pl.DataFrame) -> pl.DataFrame:
    """Give each row that is an exchange the id of its record, with the columns of `_row_outcomes`."""
    exchanges = records.filter(pl.col("record") < 0)
    return exchanges.select("id", row=pl.col("rows").list.first(), reason=pl.lit(None, pl.String)).select(
        "row", "id", "reason"
    )


def _in_sessions(turns: pl.DataFrame, *, notices: bool) -> pl.DataFrame:
    """Order the turns by session: `row`, `key` (the session's number, by first appearance), `text` and `role`, which is
    user, assistant, system, or why nobody said it.
    """
    if turns["session"].null_count() == turns.height:
        keyed = turns.with_columns(key=pl.col("row").rle_id().cast(pl.Int64))
    else:
        named = turns.with_columns(session=pl.coalesce("session", pl.format("#{}", "row")))
        keys = named.select("session").unique(maintain_order=True).with_row_index("key")
        keyed = named.join(keys, on="session", maintain_order="left").with_columns(pl.col("key").cast(pl.Int64))
        keyed = keyed.sort("key", maintain_order=True)

    text = keyed["text"].str.strip_chars()
    is_notice, is_greeting = keyed["role"] == "note", None
    if notices:
        found, is_greeting = notices_and_greetings(text)
        is_notice |= found
        is_marked = (keyed["role"] == WITHDRAWN).any()  # a column of states says it of each message
        if not is_marked and (is_withdrawn := withdrawn(keyed, text, is_notice)).any():
            by_role = pl.when(pl.lit(is_withdrawn)).then(pl.lit(WITHDRAWN)).otherwise("role")
            keyed = keyed.with_columns(role=by_role)
    role = (
        pl.when(pl.lit(is_notice))
        .then(pl.lit("notice"))
        .when(pl.lit(text == ""))
        .then(pl.lit("empty"))
        .otherwise(pl.lit(keyed["role"]))
    )
    ordered = keyed.select("row", "key", text=text).with_columns(role=role)
    return ordered if is_greeting is None else _without_greetings(ordered, is_greeting)


def _without_greetings(turns: pl.DataFrame, is_greeting: pl.Series) -> pl.DataFrame:
    """Make a robot's greeting nobody's answer where the agent says something else in the session."""
    is_greeting &= turns["role"] == "assistant"
    if not is_greeting.any():
        return turns
    is_person = (pl.col("role") == "assistant") & ~pl.col("robot")
    is_opening = pl.col("robot") & is_person.any().over("key")
    role = pl.when(is_opening).then(pl.lit("robot_greeting")).otherwise("role")
    return turns.with_columns(robot=is_greeting).with_columns(role=role).drop("robot")


def _inside(runs: pl.DataFrame, *, open_end: bool, window: int | None) -> pl.DataFrame:
    """Add `record` to the runs, the number of the conversation they belong to (empty outside of one), and `reason`,
    why a session makes none.
    """
    # 1. In each session: from the first run of the user to the last of the assistant. With `open_end` a session
    # without an answer goes to its own end.
    runs = runs.with_columns(index=pl.int_range(pl.len()))
    bounds = runs.group_by("key", maintain_order=True).agg(
        begins=pl.col("index").filter("is_user").first(),
        ends=pl.col("index").filter(~pl.col("is_user")).last(),
        last=pl.col("index").last(),
    )
    if open_end:
        is_answered = pl.col("ends") > pl.col("begins")
        bounds = bounds.with_columns(ends=pl.when(is_answered).then("ends").otherwise("last"))
    runs = runs.join(bounds, on="key", how="left", maintain_order="left")

    # 2. A conversation is one window of a session. Runs stand in the order of session and window, so that a new number
    # begins wherever the pair of both changes; the pair is one number, with the session in the upper half.
    is_inside = pl.col("index").is_between("begins", "ends").fill_null(False)
    window_number = (pl.col("index") - pl.col("begins")) // (window or 1 << 40)
    runs = runs.with_columns(window=pl.when(is_inside).then(window_number), reason=_why_outside())
    record = (pl.col("key") * (1 << 32) + pl.col("window")).rle_id().cast(pl.Int64)
    return runs.with_columns(record=pl.when(is_inside).then(record))


def _why_outside() -> pl.Expr:
    index, begins, ends = pl.col("index"), pl.col("begins"), pl.col("ends")
    return (
        pl.when(begins.is_null())
        .then(pl.lit("no_question"))
        .when((ends < begins) | ends.is_null())
        .then(pl.lit("no_answer"))
        .when(index < begins)
        .then(pl.lit("before_question"))
        .when(index > ends)
        .then(pl.lit("unanswered"))
    )


def _conversations(runs: pl.DataFrame, turns: pl.DataFrame, joiner: str) -> pl.DataFrame:
    """Form conversations from the runs, with the columns FORMED; `content` is what an id is made of."""
    inside = runs.filter(pl.col("record").is_not_null())
    role = pl.when("is_user").then(pl.lit("user")).otherwise(pl.lit("assistant"))
    records = (
        inside.with_columns(message=pl.struct(role=role, content="content"))
        .group_by("record", maintain_order=True)
        .agg(pl.col("key").first(), "message", "content")
        .with_columns(content=pl.col("content").list.join(SEPARATOR))
    )
    records = records.with_columns(lang=language(records["content"]))
    records = _with_system(records, turns.filter(pl.col("role") == "system"), joiner)
    rows = _rows(turns, runs)
    return records.join(rows, on="record", how="left", maintain_order="left").select(FORMED)


def _described(records: pl.DataFrame, spec: Input, file: str) -> pl.DataFrame:
    """Lay the records out with SCHEMA."""
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
    """Put the system message of each session first: there is one, wherever and however often it stood."""
    if system.is_empty():
        return records
    by_session = system.group_by("key").agg(system=pl.col("text").unique(maintain_order=True).str.join(joiner))
    joined = records.join(by_session, on="key", how="left", maintain_order="left")
    message = pl.concat_list(pl.struct(role=pl.lit("system"), content="system"))
    has_one = pl.col("system").is_not_null()
    content = pl.concat_str("system", pl.lit(SEPARATOR * 2), "content")
    return joined.with_columns(
        message=pl.when(has_one).then(pl.concat_list(message, "message")).otherwise("message"),
        content=pl.when(has_one).then(content).otherwise("content"),
    )


def _turn_runs(turns: pl.DataFrame) -> pl.Series:
    """Number the run of every turn, as `merged_runs` does; empty for what nobody of the two said."""
    is_spoken = turns["role"].is_in(["user", "assistant"])
    spoken = turns.filter(is_spoken)
    runs = spoken.select((pl.col("key") * 2 + (pl.col("role") == "user")).rle_id().cast(pl.Int64)).to_series()
    empty = pl.repeat(None, turns.height, dtype=pl.Int64, eager=True)
    return empty.scatter(is_spoken.arg_true(), runs)


def _turn_records(turns: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Add `record` and `reason` to every turn; a system message stands in the first conversation of its session."""
    by_run = runs.select(pl.col("run").cast(pl.Int64), "record", "reason")
    turns = turns.with_columns(run=_turn_runs(turns)).join(by_run, on="run", how="left", maintain_order="left")
    if (turns["role"] == "system").any():
        first = runs.filter(pl.col("record").is_not_null()).group_by("key").agg(first=pl.col("record").min())
        turns = turns.join(first, on="key", how="left", maintain_order="left").with_columns(
            record=pl.when(pl.col("role") == "system").then("first").otherwise("record")
        )
    return turns


def _rows(turns: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """List the raw rows of each conversation: `record`, `rows`."""
    by_record = _turn_records(turns, runs).filter(pl.col("record").is_not_null()).group_by("record")
    bounds = by_record.agg(first=pl.col("row").min(), last=pl.col("row").max())
    if (bounds["first"] == bounds["last"]).all():
        return bounds.select("record", rows=pl.concat_list("first"))
    return by_record.agg(rows=pl.col("row").unique().sort())


def _ids(contents: pl.Series, kind: str, counter: ContentCounter) -> pl.Series:
    """Digest each content, and with it how many equal ones came before where there were any."""
    ids = digest_each(kind, contents.cast(pl.Binary).to_list())
    for index, (content, ordinal) in enumerate(zip(ids, counter.ordinals(ids), strict=True)):
        if ordinal:
            ids[index] = digest("record", content, ordinal)
    return pl.Series("id", ids, dtype=pl.String)


def _first_of_session(records: pl.DataFrame) -> pl.Series:
    """Find for each conversation the row of the first of its session: what a long one was cut into stays together."""
    if records["key"].is_sorted() and records["key"].n_unique() == records.height:
        return pl.int_range(records.height, eager=True)
    return records.with_row_index("index").select(pl.col("index").first().over("key")).to_series()


def _row_outcomes(turns: pl.DataFrame, runs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Give each raw row the id of each of its conversations, or the reason why it is in none: `row`, `id`, `reason`."""
    turns = _turn_records(turns, runs)
    inside = turns.filter(pl.col("record").is_not_null()).select("row", "record").unique()
    inside = inside.join(records.select("record", "id"), on="record")
    inside = inside.select("row", "id", reason=pl.lit(None, pl.String))
    if inside.height == turns["row"].n_unique() and inside["row"].n_unique() == inside.height:
        return inside.sort("row")

    # Any run of a session says why the session makes no conversation; one without runs has only notices and voids.
    by_session = runs.group_by("key").agg(session=pl.col("reason").filter(pl.col("record").is_null()).first())
    outside = turns.join(inside, on="row", how="anti").join(by_session, on="key", how="left", maintain_order="left")
    reason = (
        pl.when(pl.col("role").is_in(NOBODY))
        .then("role")
        .otherwise(pl.coalesce("reason", "session", pl.lit("no_question")))
    )
    outside = outside.with_columns(reason=reason).group_by("row").agg(_first_reason("reason"))
    outside = outside.select("row", pl.lit(None, pl.String).alias("id"), "reason")
    return pl.concat([inside, outside]).sort("row", "id")


def _first_reason(column: str) -> pl.Expr:
    """Take the first reason that is about what somebody said, before those about nothing said."""
    about_speech = pl.col(column).filter(~pl.col(column).is_in(NOBODY))
    return pl.coalesce(about_speech.first(), pl.col(column).first()).alias(column)


def _events(outcomes: pl.DataFrame, file: str) -> pl.DataFrame:
    """Write the events of the rows, in their order."""
    by_row = outcomes.with_columns(file=pl.lit(file))
    is_dropped = pl.col("id").is_null()
    return pl.concat(
        [
            events_of(by_row.filter(~is_dropped), "session", "kept"),
            events_of(by_row.filter(is_dropped), "session", "dropped"),
        ]
    ).sort("row", maintain_order=True)
