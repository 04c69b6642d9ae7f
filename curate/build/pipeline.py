"""What goes through a build: records from stage to stage, and everything that is noted on the way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.augmenters import Augmenter
from curate.build.block_outputs import Part, Passed, read_part, write_part
from curate.build.frames_on_disk import Frames
from curate.ledger import ENDS, Booked, Ledger, end_states, ended, left, records_booked, state
from curate.recipe.load import Step
from curate.stages import Outcome, Tools
from schemas.frame import SCHEMA
from schemas.ledger import EVENTS

Steps = Sequence[tuple[int, Step]]
"""Stages with their places in the recipe."""
Before = Sequence[tuple[int, Booked]]
"""What was booked already, by place."""


@dataclass(frozen=True)
class Work:
    """Stages that some records have to pass: one segment after the other, each with the folder of its output."""

    segments: tuple[tuple[Path, Steps], ...]
    number: int
    tools: Tools

    def known(self) -> list[Part]:
        """The outputs that are there already, as far as they follow each other."""
        parts: list[Part] = []
        for folder, _ in self.segments:
            part = read_part(folder, self.number)
            if part is None:
                break
            parts.append(part)
        return parts

    def done(self, records: Callable[[], pl.DataFrame], booked: Before, known: list[Part]) -> list[Part]:
        """All outputs. `records` gives what the first missing one is made of, `booked` what was booked before."""
        parts = list(known)
        if len(parts) == len(self.segments):
            return parts
        frame = records()
        for folder, steps in self.segments[len(parts) :]:
            given = frame.height
            passed = pass_through(frame, steps, self.tools, () if parts else booked)
            frame = passed.kept  # what was given goes before it is written: both are large
            parts.append(write_part(folder, self.number, passed, given))
        return parts


def pass_through(frame: pl.DataFrame, steps: Steps, tools: Tools, before: Before = ()) -> Passed:
    """The records after these stages, booked. Raises GateError when the books do not balance."""
    booked = list(before)
    review = [frame.clear()]
    tables: dict[str, list[pl.DataFrame]] = {}
    for place, step in steps:
        outcome = _run(step, frame, tools)
        booked.append((place, records_booked(step.name, frame, outcome.kept, outcome.events)))
        sent = outcome.events.filter(pl.col("verdict") == "review").select("id").unique()
        if sent.height:
            review.append(frame.join(sent, on="id", how="semi", maintain_order="left"))
        for name, table in outcome.tables.items():
            tables.setdefault(name, []).append(table)
        frame = outcome.kept
    whole = {name: pl.concat(pieces, how="diagonal") for name, pieces in sorted(tables.items())}
    return Passed(frame, tuple(booked), pl.concat(review), whole)


def _run(step: Step, frame: pl.DataFrame, tools: Tools) -> Outcome:
    if isinstance(step.does, Augmenter):
        added = step.does.add(frame, tools)
        return Outcome(pl.concat([frame, added.select(frame.columns)]), pl.DataFrame(schema=EVENTS))
    return step.does.run(frame, tools)


class Flow:
    """It lies on the disk, block by block; in memory there is one block at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ledger = Ledger()
        self.records = 0
        self._events = Frames(folder, "events", EVENTS)
        """Of each block, from the reading of its rows on."""
        self._kept = Frames(folder, "kept", SCHEMA)
        """Of each block, what the stages by record let through."""
        self._late = Frames(folder, "late", EVENTS)
        self._final: Frames | None = None
        self.review = Frames(folder, "review", SCHEMA)
        self.tables: dict[str, Frames] = {}

    def take(self, parts: Sequence[Part]) -> None:
        """A block that passed the stages by record."""
        self.records += parts[0].records
        self._kept.paths.append(parts[-1].files["kept"])
        if len(parts) == 1:
            self._events.paths.append(parts[0].files["events"])
        else:
            self._events.add(pl.concat([part.events() for part in parts]))
        self._put(parts)

    def records_so_far(self) -> pl.DataFrame:
        """All records in memory, by id: for stages that see them all."""
        return (self._kept if self._final is None else self._final).whole().sort("id")

    def take_all(self, part: Part) -> None:
        """What a stage made that saw all records at once."""
        self._final = Frames(self._folder, "final", SCHEMA, [part.files["kept"]])
        self._late.paths.append(part.files["events"])
        self._put([part])

    def _put(self, parts: Sequence[Part]) -> None:
        for part in parts:
            for place, count in part.counts:
                self.ledger.add(place, count)
            if "review" in part.files:
                self.review.paths.append(part.files["review"])
            for name, path in part.tables().items():
                self.tables.setdefault(name, Frames(self._folder, f"table-{name}", pl.Schema())).paths.append(path)

    def final(self) -> Frames:
        """The records of the version."""
        return self._kept if self._final is None else self._final

    def closed(self) -> Frames:
        """The whole ledger: the events of the blocks, those of later stages, and a final state for every row."""
        ending = Frames(self._folder, "ends", EVENTS)
        for states in end_states(self._events, self._ends(ending)):
            ending.add(states)
        return Frames(self._folder, "ledger", EVENTS, [*self._events.paths, *self._late.paths, *ending.paths])

    def _ends(self, ending: Frames) -> Iterator[pl.DataFrame]:
        """How the records of each block ended that passed the stages by record; what no block had goes to `ending`."""
        if self._final is None:
            yield from map(ended, self._kept)
            return
        ends = pl.concat([*map(ended, self._final.columns("id", "tags")), left(self._late.whole())])
        ids = [frame.select("id", block=pl.lit(number)) for number, frame in enumerate(self._kept.columns("id"))]
        known = pl.concat([pl.DataFrame(schema={"id": pl.String, "block": pl.Int32}), *ids])
        placed = ends.join(known, on="id", how="left", maintain_order="left")
        for number in range(len(ids)):
            yield placed.filter(pl.col("block") == number).select(ENDS.names())
        ending.add(state(placed.filter(pl.col("block").is_null())).sort("id"))
