"""Accounts for a build: every row and every record, what became of it, and the law that nothing vanishes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

import polars as pl

from schemas.errors import GateError
from schemas.frame import has_tag
from schemas.ledger import EVENTS, events_of
from schemas.manifest import StageCount
from schemas.stage_names import typed_name
from schemas.tags import EXAM

LEAVES = ("dropped", "review")
"""The verdicts that take a record off the flow. All others are notes about a record that goes on."""
ROWS = ("read", "session")
"""The stages whose unit is the raw row, in their order; they come before all others."""
END = "end"
"""The stage name of the final states."""
ENDS = pl.Schema({"id": pl.String, "verdict": pl.String, "reason": pl.String})
"""How records end: in training, in the exam, dropped or in review, and why."""

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
Booked = tuple[StageCount, pl.DataFrame]
"""What a stage did to some rows or records: its numbers, and its events."""


def rows_booked(stage: str, rows_in: int, events: pl.DataFrame) -> Booked:
    """Book a stage whose unit is the raw row: `read` and `session`. Rows without an event were kept."""
    dropped = events.filter(pl.col("verdict") == "dropped").select("file", "row").n_unique()
    count = StageCount(stage=stage, rows_in=rows_in, added=0, kept=rows_in - dropped, dropped=dropped, review=0)
    return _booked(count, events)


def records_booked(stage: str, before: pl.DataFrame, kept: pl.DataFrame, events: pl.DataFrame) -> Booked:
    """Book a stage whose unit is the record. Raises GateError when in + added ≠ kept + dropped + review.

    What goes on and never came was added. Of a record that it adds and takes off the flow at once, the stage itself
    must say so, by an event `added` before the one by which it leaves.
    """
    came, goes = before.select("id"), kept.select("id")
    at_once = events.filter(pl.col("verdict") == "added").select("id")
    leaving = events.filter(pl.col("verdict").is_in(LEAVES)).select("id", "verdict").unique()
    review = leaving.filter(pl.col("verdict") == "review").height
    new = goes.join(came, on="id", how="anti")
    added = pl.concat([new, at_once])
    missing = pl.concat([came, at_once]).join(goes, on="id", how="anti")
    lost = missing.join(leaving, on="id", how="anti").height
    count = StageCount(
        stage=stage,
        rows_in=came.height,
        added=added.height,
        kept=goes.height,
        dropped=leaving.height - review,
        review=review,
    )

    # Who does not go on has left, and nobody else has; nobody leaves by two ways or goes on twice. So the sums of the
    # numbers are the sums of the records.
    sound = (
        lost == 0
        and missing.height == leaving.height == leaving["id"].n_unique()
        and goes["id"].n_unique() == goes.height
        and came.height + added.height == goes.height + leaving.height
    )
    if not sound:
        raise GateError(
            f"stage '{typed_name(stage)}' does not balance: {count.rows_in} in, {count.added} added, "
            f"{count.kept} kept, {count.dropped} dropped, {count.review} to review, {lost} unaccounted for",
            f"阶段“{typed_name(stage)}”账目不平：进入 {count.rows_in}，新增 {count.added}，保留 {count.kept}，"
            f"丢弃 {count.dropped}，送审 {count.review}，去向不明 {lost}",
        )

    return _booked(count, pl.concat([events, events_of(new, stage, "added")]) if new.height else events)


def _booked(count: StageCount, events: pl.DataFrame) -> Booked:
    booked = events.with_columns(stage=pl.lit(count.stage)).select(EVENTS.names()).cast(EVENTS)
    return count.model_copy(update={"reasons": _reasons(events)}), booked


class Ledger:
    """Adds up the numbers of all stages. `step` is the position of a stage in the recipe; those of rows come first."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, str], StageCount] = {}

    @property
    def counts(self) -> list[StageCount]:
        """The numbers of all stages in the order they ran."""
        return [self._counts[key] for key in sorted(self._counts)]

    def add(self, step: int, count: StageCount) -> None:
        """Add the numbers of a stage for one block of its rows or records."""
        key = (step, count.stage)
        before = self._counts.get(key)
        self._counts[key] = count if before is None else _added(before, count)


def step_of(stage: str) -> int:
    """Number a stage of rows."""
    return ROWS.index(stage) - len(ROWS)


def end_states(blocks: Iterable[pl.DataFrame], ends: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Give every raw row one final state, block by block, and then every record that came from no row.

    `blocks` are the events of the stages that saw the rows of one block of a file, from `read` on. `ends` say for
    each block, with the columns of ENDS, how those of its records ended that no event of the block takes off the flow.
    Raises GateError when a row ends in no state or in two.
    """
    last_rows: dict[str, int] = {}
    for events, ends_of_block in zip(blocks, ends, strict=True):
        states = _row_states(events, ends_of_block)

        # Blocks of one file come in the order of its rows: a row that is not behind the last one stood in two blocks.
        bounds = states.drop_nulls("row").group_by("file").agg(first=pl.col("row").min(), last=pl.col("row").max())
        for file, first, last in bounds.iter_rows():
            if first <= last_rows.get(file, 0):
                raise _unsound(0, 1)
            last_rows[file] = last
        yield states


def _row_states(events: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """List the final states of the rows of one block, in their order, and then of its records that came from no row."""
    # 1. a row ends as its record does, whether that came to the end or left on the way
    sources = events.filter(pl.col("stage").is_in(ROWS)).select("file", "row", "id")
    records = pl.concat([ends, off_flow(events)])
    by_row = _farthest(sources.join(records, on="id", how="left", coalesce=True))

    # 2. a row that became no record ends as it left
    unformed = events.filter(pl.col("verdict").is_in(LEAVES) & pl.col("row").is_not_null())
    by_row = by_row.join(
        unformed.select("file", "row", row_verdict="verdict", row_reason="reason"), on=["file", "row"], how="left"
    ).with_columns(verdict=pl.coalesce("verdict", "row_verdict"), reason=pl.coalesce("reason", "row_reason"))

    # 3. each row has one state, no row has none
    rows = sources.select("file", "row").n_unique()
    if by_row.height != rows or by_row["verdict"].null_count():
        raise _unsound(by_row["verdict"].null_count(), by_row.height - rows)

    without_row = records.join(by_row, on="id", how="anti")
    states = final_state(by_row).sort("file", "row", "id", nulls_last=True)
    return pl.concat([states, final_state(without_row).sort("id")])


def _unsound(without: int, twice: int) -> GateError:
    return GateError(
        f"{without} raw rows have no final state and {twice} have two",
        f"{without} 个原始行没有最终去向，{twice} 个有两个",
    )


def _farthest(by_row: pl.DataFrame) -> pl.DataFrame:
    """Leave one line for each row: where several records came from a row, the one that came farthest stands for it."""
    if by_row.select("file", "row").is_unique().all():
        return by_row
    distance = pl.col("verdict").replace_strict({"train": 0, "exam": 1, "review": 2, "dropped": 3}, default=4)
    return (
        by_row.with_columns(distance=distance)
        .sort("file", "row", "distance", "id", nulls_last=True)
        .unique(["file", "row"], keep="first", maintain_order=True)
        .drop("distance")
    )


def _added(before: StageCount, count: StageCount) -> StageCount:
    """Add up the numbers of a stage for two blocks."""
    numbers = ("rows_in", "added", "kept", "dropped", "review")
    sums: dict[str, object] = {name: getattr(before, name) + getattr(count, name) for name in numbers}
    reasons = Counter(before.reasons) + Counter(count.reasons)
    return count.model_copy(update={**sums, "reasons": dict(sorted(reasons.items()))})


def final_state(frame: pl.DataFrame) -> pl.DataFrame:
    """Make final states from a frame that has a verdict already."""
    verdicts = frame["verdict"]
    return events_of(frame, END, "kept").with_columns(verdict=verdicts)


def ends_of(final: pl.DataFrame) -> pl.DataFrame:
    """Say how the records of the last frame end: those tagged `exam` in the exam, all others in training."""
    return final.select(
        "id",
        verdict=pl.when(has_tag(EXAM)).then(pl.lit("exam")).otherwise(pl.lit("train")),
        reason=pl.lit(None, pl.String),
    )


def off_flow(events: pl.DataFrame) -> pl.DataFrame:
    """Say how the records end that these events take off the flow."""
    return events.filter(pl.col("verdict").is_in(LEAVES) & pl.col("row").is_null()).select(ENDS.names())


def _reasons(events: pl.DataFrame) -> dict[str, int]:
    """Count events by `verdict:reason`, in alphabetical order; events without a reason are plain."""
    counted = (
        events.filter(pl.col("reason").is_not_null()).group_by("verdict", "reason").len().sort("verdict", "reason")
    )
    return {f"{verdict}:{reason}": number for verdict, reason, number in counted.iter_rows()}


def final_states(ledger: Frame) -> Frame:
    """Select the final states alone."""
    return ledger.filter(pl.col("stage") == END)


def unbalanced(stages: tuple[StageCount, ...]) -> list[str]:
    """Find the stages whose numbers do not add up: in + added = kept + dropped + review. Empty for a sound version."""
    return [s.stage for s in stages if s.rows_in + s.added != s.kept + s.dropped + s.review]
