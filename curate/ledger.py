"""Keeps the books of a build: every row and every record, what became of it, and the law that nothing vanishes."""

from collections import Counter
from collections.abc import Iterable, Iterator

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
ENDS = pl.Schema({"id": pl.String, "verdict": pl.String, "reason": pl.String})
"""How records end: in training, in the exam, dropped or in review, and why."""

Booked = tuple[StageCount, pl.DataFrame]
"""What a stage did to some rows or records: its numbers, and its events."""


def rows_booked(stage: str, rows_in: int, events: pl.DataFrame) -> Booked:
    """Books a stage whose unit is the raw row: `read` and `session`. Rows without an event were kept."""
    dropped = events.filter(pl.col("verdict") == "dropped").select("file", "row").n_unique()
    count = StageCount(stage=stage, rows_in=rows_in, added=0, kept=rows_in - dropped, dropped=dropped, review=0)
    return _booked(count, events)


def records_booked(stage: str, before: pl.DataFrame, kept: pl.DataFrame, events: pl.DataFrame) -> Booked:
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
    return _booked(count, pl.concat([events, new]) if new.height else events)


def _booked(count: StageCount, events: pl.DataFrame) -> Booked:
    booked = events.with_columns(stage=pl.lit(count.stage)).select(EVENTS.names()).cast(EVENTS)
    return count.model_copy(update={"reasons": _reasons(events)}), booked


class Ledger:
    """Adds up the numbers of all stages. `step` is the place of a stage in the recipe; those of rows come first."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, str], StageCount] = {}

    @property
    def counts(self) -> list[StageCount]:
        """The books of all stages in the order they ran."""
        return [self._counts[key] for key in sorted(self._counts)]

    def add(self, step: int, count: StageCount) -> None:
        """The numbers of a stage for some of its rows or records."""
        key = (step, count.stage)
        before = self._counts.get(key)
        self._counts[key] = count if before is None else _added(before, count)


def place_of(stage: str) -> int:
    """The step of a stage of rows."""
    return ROWS.index(stage) - len(ROWS)


def end_states(blocks: Iterable[pl.DataFrame], ends: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """One final state for every raw row, block by block, then for every record of which none was made.

    `blocks` are the events of the stages that saw the rows of one piece of a file, from `read` on. `ends` tell for
    each block, in the layout of ENDS, how those of its records ended that no event of the block takes off the flow.
    Raises GateError when a row ends in no state or in two.
    """
    last: dict[str, int] = {}
    for events, ended in zip(blocks, ends, strict=True):
        states = _row_states(events, ended)
        bounds = states.drop_nulls("row").group_by("file").agg(first=pl.col("row").min(), last=pl.col("row").max())
        for file, first, final in bounds.iter_rows():
            if first <= last.get(file, 0):
                raise _unsound(0, 1)
            last[file] = final
        yield states


def _row_states(events: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """The final states of the rows of one block, in their order, and then of its records that came from no row."""
    of_rows = pl.col("row").is_not_null()
    sources = events.filter(pl.col("stage").is_in(ROWS)).select("file", "row", "id")
    known = pl.concat([ended, left(events)])
    by_row = _best(sources.join(known, on="id", how="left", coalesce=True))
    unformed = events.filter(pl.col("verdict").is_in(LEAVES) & of_rows)
    by_row = by_row.join(
        unformed.select("file", "row", row_verdict="verdict", row_reason="reason"), on=["file", "row"], how="left"
    ).with_columns(verdict=pl.coalesce("verdict", "row_verdict"), reason=pl.coalesce("reason", "row_reason"))
    rows = sources.select("file", "row").n_unique()
    if by_row.height != rows or by_row["verdict"].null_count():
        raise _unsound(by_row["verdict"].null_count(), by_row.height - rows)
    made = known.join(by_row, on="id", how="anti")
    return pl.concat([state(by_row).sort("file", "row", "id", nulls_last=True), state(made).sort("id")])


def _unsound(without: int, twice: int) -> GateError:
    return GateError(
        f"{without} raw rows have no final state and {twice} have two",
        f"{without} 个原始行没有最终去向，{twice} 个有两个",
    )


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


def _added(before: StageCount, count: StageCount) -> StageCount:
    """The books of a stage with those of another block."""
    numbers = ("rows_in", "added", "kept", "dropped", "review")
    sums: dict[str, object] = {name: getattr(before, name) + getattr(count, name) for name in numbers}
    reasons = Counter(before.reasons) + Counter(count.reasons)
    return count.model_copy(update={**sums, "reasons": dict(sorted(reasons.items()))})


def state(frame: pl.DataFrame) -> pl.DataFrame:
    """Final states from a frame that has a verdict already."""
    verdicts = frame["verdict"]
    return events_of(frame, END, "kept").with_columns(verdict=verdicts)


def ended(final: pl.DataFrame) -> pl.DataFrame:
    """How the records of the last frame end: those tagged `exam` in the exam, all others in training."""
    return final.select(
        "id",
        verdict=pl.when(pl.col("tags").list.contains("exam")).then(pl.lit("exam")).otherwise(pl.lit("train")),
        reason=pl.lit(None, pl.String),
    )


def left(events: pl.DataFrame) -> pl.DataFrame:
    """How the records end that these events take off the flow."""
    return events.filter(pl.col("verdict").is_in(LEAVES) & pl.col("row").is_null()).select(ENDS.names())


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
