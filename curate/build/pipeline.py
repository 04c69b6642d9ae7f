"""Lets a block of records pass stages, one after the other, and books what each of them did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.augmenters import Augmenter
from curate.build.block_outputs import BlockOutput, BookedStage, StagesOutcome, read_output, write_output
from curate.ledger import records_booked
from curate.recipe.load import Step
from curate.stages import Outcome, Tools


class NumberedStep(NamedTuple):
    """A stage, and its position in the recipe."""

    position: int
    step: Step


class SegmentTask(NamedTuple):
    """Stages that run without putting anything down between them, and the folder of what they leave."""

    folder: Path
    steps: tuple[NumberedStep, ...]

    @property
    def name(self) -> str:
        """The name of the stage that opens the segment."""
        return self.steps[0].step.name


@dataclass(frozen=True)
class BlockTask:
    """The segments that one block of records has to pass; `number` is that of the block."""

    segments: tuple[SegmentTask, ...]
    number: int
    tools: Tools

    def known(self) -> list[BlockOutput]:
        """Read the outputs that are there already, as far as they follow each other."""
        outputs: list[BlockOutput] = []
        for segment in self.segments:
            output = read_output(segment.folder, self.number)
            if output is None:
                break
            outputs.append(output)
        return outputs

    def run(
        self, records: Callable[[], pl.DataFrame], booked: Sequence[BookedStage], known: Sequence[BlockOutput]
    ) -> list[BlockOutput]:
        """Make the outputs that are missing behind the `known` ones, and give all of them.

        `records` gives what the first missing one is made of, `booked` what was booked before any.
        """
        outputs = list(known)
        if len(outputs) == len(self.segments):
            return outputs

        frame = records()
        for segment in self.segments[len(outputs) :]:
            records_in = frame.height
            outcome = run_steps(frame, segment.steps, self.tools, () if outputs else booked)
            frame = outcome.kept  # lets go of the one before, ahead of writing: both are large
            outputs.append(write_output(segment.folder, self.number, outcome, records_in))
        return outputs


def run_steps(
    frame: pl.DataFrame, steps: Sequence[NumberedStep], tools: Tools, before: Sequence[BookedStage] = ()
) -> StagesOutcome:
    """Run these stages on the records. Raises GateError when the books of one do not balance."""
    booked = list(before)
    review = [frame.clear()]
    tables: dict[str, list[pl.DataFrame]] = {}

    for position, step in steps:
        outcome = _run(step, frame, tools)
        booked.append(BookedStage(position, *records_booked(step.name, frame, outcome.kept, outcome.events)))
        to_review = outcome.events.filter(pl.col("verdict") == "review").select("id").unique()
        if to_review.height:
            review.append(frame.join(to_review, on="id", how="semi", maintain_order="left"))
        for name, table in outcome.tables.items():
            tables.setdefault(name, []).append(table)
        frame = outcome.kept

    merged = {name: pl.concat(parts, how="diagonal") for name, parts in sorted(tables.items())}
    return StagesOutcome(frame, tuple(booked), pl.concat(review), merged)


def _run(step: Step, frame: pl.DataFrame, tools: Tools) -> Outcome:
    if isinstance(step.does, Augmenter):
        written = step.does.add(frame, tools)
        return Outcome(pl.concat([frame, written.rows.select(frame.columns)]), written.events)
    return step.does.run(frame, tools)
