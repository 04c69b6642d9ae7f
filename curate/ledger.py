"""Keeps the books of a build: every row and every record, what became of it, and the law that nothing vanishes."""

from collections import Counter

import polars as pl

from schemas.errors import GateError
from schemas.ledger import EVENTS, events_of
from schemas.manifest import StageCount

LEAVES = ("dropped", "review")
"""The verdicts that take a record off the flow. All others are notes about a record that goes on."""
ROWS = ("read", "session")
"""The stages whose unit is the raw row, in their order; they come before all others."""
END = "end"
"""The stage name of the final states."""


class Ledger:
    """Collects the events of one build, stage by stage, and refuses books that do not balance.

    `step` is the place of a stage in the recipe. A stage that sees its records block by block is booked with each.
    """

    def __init__(self) -> None:
        self._events: dict[tuple[int, str], list[pl.DataFrame]] = {}
        self._counts: dict[tuple[int, str], StageCount] = {}

    @property
    def counts(self) -> list[StageCount]:
        """The books of all stages in the order they ran."""
        return [self._counts[key] for key in sorted(self._counts)]

    def rows(self, stage: str, rows_in: int, events: pl.DataFrame) -> None:
        """Books a stage whose unit is the raw row: `read` and `session`. Rows without an event were kept."""
        dropped = events.filter(pl.col("verdict") == "dropped").select("file", "row").n_unique()
        count = StageCount(stage=stage, rows_in=rows_in, added=0, kept=rows_in - dropped, dropped=dropped, review=0)
        self._book((ROWS.index(stage) - len(ROWS), stage), count, events)

    def records(self, step: int, stage: str, before: pl.DataFrame, kept: pl.DataFrame, events: pl.DataFrame) -> None:
        """Books a stage whose unit is the record. Raises GateError when in + added ≠ kept + dropped + review."""
        came, goes = before.select("id"), kept.select("id")
        left = events.filter(pl.col("verdict").is_in(LEAVES)).select("id", "verdict").unique()
        review = left.filter(pl.col("verdict") == "review").height
        added = goes.join(came, on="id", how="anti")
        missing = came.join(goes, on="id", how="anti")
        lost = missing.join(left, on="id", how="anti").height
        count = StageCount(
            stage=stage,
            rows_in=came.height,
            added=added.height,
            kept=goes.height,
            dropped=left.height - review,
            review=review,
        )
        sound = (
            lost == 0
            and missing.height == left.height == left["id"].n_unique()
            and goes["id"].n_unique() == goes.height
            and came.height + added.height == goes.height + left.height
        )
        if not sound:
            raise GateError(
                f"stage '{stage}' does not balance: {count.rows_in} in, {count.added} added, {count.kept} kept, "
                f"{count.dropped} dropped, {count.review} to review, {lost} unaccounted for",
                f"阶段“{stage}”账目不平：进入 {count.rows_in}，新增 {count.added}，保留 {count.kept}，"
                f"丢弃 {count.dropped}，送审 {count.review}，去向不明 {lost}",
            )
        new = events_of(added, stage, "added")
        self._book((step, stage), count, pl.concat([events, new]) if new.height else events)

    def _book(self, key: tuple[int, str], count: StageCount, events: pl.DataFrame) -> None:
        reasons = Counter(self._counts[key].reasons if key in self._counts else {})
        reasons.update(_reasons(events))
        self._counts[key] = _added(self._counts.get(key), count).model_copy(
            update={"reasons": dict(sorted(reasons.items()))}
        )
        booked = events.with_columns(stage=pl.lit(key[1])).select(EVENTS.names()).cast(EVENTS)
        self._events.setdefault(key, []).append(booked)

    def close(self, sources: pl.DataFrame, final: pl.DataFrame) -> pl.DataFrame:
        """The whole ledger, with one final state for every raw row and every record.

        `sources` has a line (file, row, id) for every raw row; id is empty where no record was made of it. `final`
        is the last frame: records tagged `exam` end in the exam, all others in training. Raises GateError when a
        row ends in no state or in two.
        """
        events = pl.concat(
            [pl.DataFrame(schema=EVENTS), *(e for key in sorted(self._events) for e in self._events[key])]
        )
        ends = pl.concat([_ended(final), _left(events)])
        by_row = _best(sources.join(ends, on="id", how="left", coalesce=True))
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
        made = ends.join(by_row, on="id", how="anti")
        ending = pl.concat([_state(by_row), _state(made)]).sort("file", "row", "id", nulls_last=True)
        return pl.concat([events, ending])


def _best(by_row: pl.DataFrame) -> pl.DataFrame:
    """One line a row: where a row made several records, the one that came farthest stands for it."""
    if by_row.select("file", "row").is_unique().all():
        return by_row
    far = pl.col("verdict").replace_strict({"train": 0, "exam": 1, "review": 2, "dropped": 3}, default=4)
    return (
        by_row.with_columns(far=far)
        .sort("file", "row", "far", "id", nulls_last=True)
        .unique(["file", "row"], keep="first", maintain_order=True)
        .drop("far")
    )


def _added(before: StageCount | None, count: StageCount) -> StageCount:
    """The books of a stage with those of another block."""
    if before is None:
        return count
    numbers = ("rows_in", "added", "kept", "dropped", "review")
    return count.model_copy(update={name: getattr(before, name) + getattr(count, name) for name in numbers})


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
