"""Keeps the books of a build: every row and every record, what became of it, and the law that nothing vanishes."""

import polars as pl

from schemas.errors import GateError
from schemas.ledger import EVENTS, events_of
from schemas.manifest import StageCount

LEAVES = ("dropped", "review")
"""The verdicts that take a record off the flow. All others are notes about a record that goes on."""
END = "end"
"""The stage name of the final states."""


class Ledger:
    """Collects the events of one build, stage by stage, and refuses books that do not balance."""

    def __init__(self) -> None:
        self._events: list[pl.DataFrame] = []
        self.counts: list[StageCount] = []

    def rows(self, stage: str, rows_in: int, events: pl.DataFrame) -> None:
        """Books a stage whose unit is the raw row: `read` and `session`. Rows without an event were kept."""
        dropped = events.filter(pl.col("verdict") == "dropped").select("file", "row").n_unique()
        reasons = _reasons(events)
        self._book(
            stage,
            StageCount(
                stage=stage,
                rows_in=rows_in,
                added=0,
                kept=rows_in - dropped,
                dropped=dropped,
                review=0,
                reasons=reasons,
            ),
            events,
        )

    def records(self, stage: str, before: pl.DataFrame, kept: pl.DataFrame, events: pl.DataFrame) -> None:
        """Books a stage whose unit is the record. Raises GateError when in + added ≠ kept + dropped + review."""
        came = set(before["id"])
        goes = set(kept["id"])
        dropped = set(events.filter(pl.col("verdict") == "dropped")["id"])
        review = set(events.filter(pl.col("verdict") == "review")["id"])
        added = goes - came
        if (
            len(goes) != kept.height
            or goes & (dropped | review)
            or dropped & review
            or came | added != goes | dropped | review
        ):
            lost = len(came - goes - dropped - review)
            raise GateError(
                f"stage '{stage}' does not balance: {len(came)} in, {len(added)} added, {kept.height} kept, "
                f"{len(dropped)} dropped, {len(review)} to review, {lost} unaccounted for",
                f"阶段“{stage}”账目不平：进入 {len(came)}，新增 {len(added)}，保留 {kept.height}，"
                f"丢弃 {len(dropped)}，送审 {len(review)}，去向不明 {lost}",
            )
        new = events_of(kept.filter(pl.col("id").is_in(list(added))).select("id"), stage, "added")
        booked = pl.concat([events, new])
        self._book(
            stage,
            StageCount(
                stage=stage,
                rows_in=len(came),
                added=len(added),
                kept=len(goes),
                dropped=len(dropped),
                review=len(review),
                reasons=_reasons(booked),
            ),
            booked,
        )

    def _book(self, stage: str, count: StageCount, events: pl.DataFrame) -> None:
        self.counts.append(count)
        self._events.append(events.with_columns(stage=pl.lit(stage)).select(EVENTS.names()).cast(EVENTS))

    def close(self, sources: pl.DataFrame, final: pl.DataFrame) -> pl.DataFrame:
        """The whole ledger, with one final state for every raw row and every record.

        `sources` has a line (file, row, id) for every raw row; id is empty where no record was made of it. `final`
        is the last frame: records tagged `exam` end in the exam, all others in training. Raises GateError when a
        row ends in no state or in two.
        """
        events = pl.concat(self._events)
        ends = pl.concat([_ended(final), _left(events)])
        by_row = sources.join(ends, on="id", how="left", coalesce=True)
        unformed = events.filter(pl.col("verdict").is_in(LEAVES) & pl.col("row").is_not_null())
        by_row = by_row.join(
            unformed.select("file", "row", row_verdict="verdict", row_reason="reason"), on=["file", "row"], how="left"
        ).with_columns(verdict=pl.coalesce("verdict", "row_verdict"), reason=pl.coalesce("reason", "row_reason"))
        rows = sources.select("file", "row").n_unique()
        if by_row.height != rows or by_row["verdict"].null_count():
            raise GateError(
                f"{by_row['verdict'].null_count()} raw rows have no final state and {by_row.height - rows} have two",
                f"{by_row['verdict'].null_count()} 个原始行没有最终去向，{by_row.height - rows} 个有两个",
            )
        made = ends.join(sources, on="id", how="anti")
        ending = pl.concat([_state(by_row), _state(made)]).sort("file", "row", "id", nulls_last=True)
        return pl.concat([events, ending])


def _state(frame: pl.DataFrame) -> pl.DataFrame:
    verdicts = frame["verdict"]
    return events_of(frame, END, "kept").with_columns(verdict=verdicts)


def _ended(final: pl.DataFrame) -> pl.DataFrame:
    return final.select(
        "id",
        verdict=pl.when(pl.col("tags").list.contains("exam")).then(pl.lit("exam")).otherwise(pl.lit("train")),
        reason=pl.lit(None, pl.String),
    )


def _left(events: pl.DataFrame) -> pl.DataFrame:
    return events.filter(pl.col("verdict").is_in(LEAVES) & pl.col("row").is_null()).select("id", "verdict", "reason")


def _reasons(events: pl.DataFrame) -> dict[str, int]:
    """Events by `verdict:reason`, in alphabetical order; events without a reason are plain."""
    counted = (
        events.filter(pl.col("reason").is_not_null()).group_by("verdict", "reason").len().sort("verdict", "reason")
    )
    return {f"{verdict}:{reason}": number for verdict, reason, number in counted.iter_rows()}


def final_states(ledger: pl.DataFrame) -> pl.DataFrame:
    """The final states alone."""
    return ledger.filter(pl.col("stage") == END)


def unbalanced(stages: tuple[StageCount, ...]) -> list[str]:
    """The stages whose numbers do not add up: in + added = kept + dropped + review. Empty for a sound version."""
    return [s.stage for s in stages if s.rows_in + s.added != s.kept + s.dropped + s.review]
