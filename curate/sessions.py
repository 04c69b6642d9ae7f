"""Forms conversations from turns: who spoke to whom, in what order, and what of it can teach."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from curate.intake import Intake
from schemas.digest import digest
from schemas.frame import SCHEMA
from schemas.input import Input
from schemas.ledger import EVENTS, events_of
from schemas.script import language

JOINER = "\n"
"""Between several messages in a row by one side."""


@dataclass(frozen=True)
class Sessions:
    """The records, and one event for every raw row: kept with the id of its record, or dropped with the reason."""

    records: pl.DataFrame
    events: pl.DataFrame


def form_sessions(intake: Intake, spec: Input, seen: dict[str, int]) -> Sessions:
    """Conversations that begin with the customer and end with the agent.

    `seen` counts equal contents over all inputs and is updated: an id digests the content and how many equal ones
    came before, so that rows added to a file leave the ids of all others alone.
    """
    turns = intake.turns.with_columns(
        session=pl.coalesce("session", pl.format("#{}", "row")), order=pl.int_range(pl.len())
    )
    about = turns.group_by("session").agg(rows=pl.col("row").unique().sort(), order=pl.col("order").min())
    spoken = turns.with_columns(text=pl.col("text").str.strip_chars()).filter(
        (pl.col("role") != "note") & (pl.col("text") != "")
    )
    is_system = pl.col("role") == "system"
    talks = _talks(_merged(spoken.filter(~is_system)), keep_unanswered=spec.kind == "refusal")
    sessions = (
        about.join(_with_system(talks, spoken.filter(is_system)), on="session", how="left")
        .with_columns(reason=pl.when(pl.col("messages").is_null()).then(pl.lit("no_question")).otherwise("reason"))
        .sort("order")
    )
    formed = sessions.filter(pl.col("reason").is_null())
    ids = _ids(formed["messages"].to_list(), spec, seen)
    formed = formed.with_columns(id=pl.Series(ids, dtype=pl.String))
    return Sessions(_records(formed, spec, intake.facts.digest), _events(sessions, formed, spec.path))


def _merged(turns: pl.DataFrame) -> pl.DataFrame:
    """One line per uninterrupted speech of one side: session, order, role, content."""
    return (
        turns.sort(pl.col("order").min().over("session"), "order")
        .with_columns(run=pl.struct("session", "role").rle_id())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("session").first(),
            pl.col("role").first(),
            pl.col("text").str.join(JOINER).alias("content"),
        )
        .rename({"run": "order"})
    )


def _talks(said: pl.DataFrame, *, keep_unanswered: bool) -> pl.DataFrame:
    """A line per session: its messages, their language, or the reason why there is no conversation in it."""
    is_user, is_agent = pl.col("role") == "user", pl.col("role") == "assistant"
    begins = pl.col("order").filter(is_user).min().over("session")
    ends = pl.col("order").filter(is_agent).max().over("session")
    if keep_unanswered:
        ends = pl.when(ends > begins).then(ends).otherwise(pl.col("order").max().over("session"))
    inside = pl.col("order").is_between(begins, ends)
    talks = (
        said.with_columns(inside=inside.fill_null(False))
        .group_by("session", maintain_order=True)
        .agg(
            messages=pl.struct("role", "content").filter("inside"),
            text=pl.col("content").filter("inside").str.join(JOINER),
            asked=is_user.any(),
            talked=pl.col("inside").any(),
        )
        .with_columns(
            reason=pl.when(~pl.col("asked"))
            .then(pl.lit("no_question"))
            .when(~pl.col("talked"))
            .then(pl.lit("no_answer"))
        )
    )
    return talks.select("session", "messages", "reason", lang=language(talks["text"]))


def _with_system(talks: pl.DataFrame, system: pl.DataFrame) -> pl.DataFrame:
    """The system message of each session first: there is one, wherever and however often it stood."""
    if system.is_empty():
        return talks
    first = system.group_by("session").agg(
        first=pl.struct(role=pl.lit("system"), content=pl.col("text").unique(maintain_order=True).str.join(JOINER))
    )
    joined = talks.join(first, on="session", how="left", maintain_order="left")
    both = pl.concat_list(pl.concat_list("first"), "messages")
    return joined.with_columns(messages=pl.when(pl.col("first").is_null()).then("messages").otherwise(both)).drop(
        "first"
    )


def _ids(talks: list[list[Mapping[str, str]]], spec: Input, seen: dict[str, int]) -> list[str]:
    ids = []
    for messages in talks:
        content = digest("record", spec.kind, [[m["role"], m["content"]] for m in messages])
        ordinal = seen.get(content, 0)
        seen[content] = ordinal + 1
        ids.append(content if ordinal == 0 else digest("record", content, ordinal))
    return ids


def _records(formed: pl.DataFrame, spec: Input, file_digest: str) -> pl.DataFrame:
    return formed.select(
        "id",
        "messages",
        kind=pl.lit(spec.kind),
        lang="lang",
        source=pl.struct(file=pl.lit(spec.path), digest=pl.lit(file_digest), rows="rows"),
        parent=pl.lit(None, pl.String),
        group="id",
        tags=pl.lit([], pl.List(pl.String)),
    ).cast(SCHEMA)


def _events(sessions: pl.DataFrame, formed: pl.DataFrame, file: str) -> pl.DataFrame:
    """One event a row, in the order of the file: a row belongs to one session."""
    if sessions.is_empty():
        return pl.DataFrame(schema=EVENTS)
    by_row = (
        sessions.join(formed.select("session", "id"), on="session", how="left")
        .explode("rows")
        .select(row="rows", id="id", reason="reason", file=pl.lit(file))
    )
    dropped = pl.col("id").is_null()
    return pl.concat(
        [
            events_of(by_row.filter(~dropped), "session", "kept"),
            events_of(by_row.filter(dropped), "session", "dropped"),
        ]
    ).sort("row")
