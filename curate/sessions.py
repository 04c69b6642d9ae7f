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
    said = _merged(turns.filter((pl.col("role") != "note") & (pl.col("text").str.strip_chars() != "")))
    talks = _talks(said, keep_unanswered=spec.kind == "refusal")
    about = turns.group_by("session").agg(rows=pl.col("row").unique().sort(), order=pl.col("order").min())
    sessions = about.join(talks, on="session", how="left").sort("order")
    formed = sessions.filter(pl.col("reason").is_null())
    ids = _ids(formed["messages"].to_list(), spec, seen)
    formed = formed.with_columns(id=pl.Series(ids, dtype=pl.String))
    return Sessions(_records(formed, spec, intake.facts.digest), _events(sessions, formed, spec.path))


def _merged(turns: pl.DataFrame) -> pl.DataFrame:
    """One line per uninterrupted speech of one side: session, order, role, content."""
    return (
        turns.sort(pl.col("order").min().over("session"), "order")
        .with_columns(text=pl.col("text").str.strip_chars())
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
    """A line per session: its messages, or the reason why there is no conversation in it."""
    is_user, is_agent = pl.col("role") == "user", pl.col("role") == "assistant"
    begins = pl.col("order").filter(is_user).min().over("session")
    ends = pl.col("order").filter(is_agent).max().over("session")
    if keep_unanswered:
        ends = pl.coalesce(ends, pl.col("order").max().over("session"))
    inside = (pl.col("role") == "system") | pl.col("order").is_between(begins, ends)
    answered = pl.lit(True) if keep_unanswered else (ends > begins)
    return (
        said.with_columns(inside=inside.fill_null(False) & answered.fill_null(False))
        .group_by("session", maintain_order=True)
        .agg(
            messages=pl.struct("role", "content").filter("inside").sort_by(pl.col("role").filter("inside") != "system"),
            asked=is_user.any(),
            begun=(is_user & pl.col("inside")).any(),
        )
        .with_columns(
            reason=pl.when(~pl.col("asked"))
            .then(pl.lit("no_question"))
            .when(~pl.col("begun"))
            .then(pl.lit("no_answer"))
        )
        .select("session", "messages", "reason")
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
    text = formed.select(pl.col("messages").list.eval(pl.element().struct.field("content")).list.join(JOINER))
    return formed.select(
        "id",
        "messages",
        kind=pl.lit(spec.kind),
        lang=language(text.to_series()),
        source=pl.struct(file=pl.lit(spec.path), digest=pl.lit(file_digest), rows="rows"),
        parent=pl.lit(None, pl.String),
        group="id",
        tags=pl.lit([], pl.List(pl.String)),
    ).cast(SCHEMA)


def _events(sessions: pl.DataFrame, formed: pl.DataFrame, file: str) -> pl.DataFrame:
    by_row = (
        sessions.join(formed.select("session", "id"), on="session", how="left")
        .explode("rows")
        .unique("rows", keep="first", maintain_order=True)
        .select(
            row="rows", id="id", reason=pl.coalesce("reason", pl.when(pl.col("id").is_null()).then(pl.lit("empty")))
        )
        .with_columns(file=pl.lit(file))
    )
    dropped = pl.col("id").is_null()
    if by_row.is_empty():
        return pl.DataFrame(schema=EVENTS)
    return pl.concat(
        [
            events_of(by_row.filter(~dropped).drop("reason"), "session", "kept"),
            events_of(by_row.filter(dropped), "session", "dropped"),
        ]
    ).sort("row")
