"""From a recipe to a version: read, form sessions, run the stages, balance the books, write, publish."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import dropwhile, takewhile
from pathlib import Path

import polars as pl

from curate.augmenters import Augmenter
from curate.intake import Reading
from curate.ledger import Ledger
from curate.licences import check_use
from curate.quarantine import USUAL, MaxBad, Quarantine
from curate.recipe_file import RecipeFile, Step
from curate.sessions import form_sessions
from curate.stages import Outcome, Tools
from curate.stages.mask import Mask
from curate.store import Store
from curate.tombstones import NOTHING, Forgotten
from curate.version import Book, write_version
from rules.lexicons import words
from schemas.frame import SCHEMA
from schemas.ledger import EVENTS
from schemas.manifest import InputFile

Progress = Callable[[str, int, int], None]
"""Told before each piece of work: its name, how many pieces are done, and how many there are."""


@dataclass
class Flow:
    """What goes through a build: the records, and what is left beside the way."""

    ledger: Ledger
    tools: Tools
    forgotten: Forgotten = NOTHING
    sources: list[pl.DataFrame] = field(default_factory=list)
    """Lines of file, row and id, for every raw row."""
    files: list[InputFile] = field(default_factory=list)
    review: list[pl.DataFrame] = field(default_factory=list)
    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    records: int = 0

    def run(self, place: int, step: Step, frame: pl.DataFrame) -> pl.DataFrame:
        """The records after a stage, booked. Raises GateError when the books do not balance."""
        outcome = _run(step, frame, self.tools)
        self.ledger.records(place, step.name, frame, outcome.kept, outcome.events)
        sent = outcome.events.filter(pl.col("verdict") == "review")
        if sent.height:
            self.review.append(frame.join(sent.select("id").unique(), on="id", how="semi", maintain_order="left"))
        for name, table in outcome.tables.items():
            self.tables.setdefault(name, []).append(table)
        return outcome.kept


def build(file: RecipeFile, store: Store, progress: Progress = lambda *_: None, max_bad: MaxBad = USUAL) -> Path:
    """The folder of the version that the recipe makes; the same inputs give the same version.

    Raises HornbookError: InputError for a file that cannot be read, GateError when an input may not be used so, too
    many rows are bad, or a stage or the release gate refuses, LockedError when another process writes to the book.
    """
    check_use(file.recipe)
    with store.writing(file.recipe.name) as staging:
        work = list(_pieces(file))
        by_record = len(list(takewhile(_sees_records_alone, file.steps)))
        flow = Flow(Ledger(), _tools(file), Forgotten.of(store, file.recipe.name))
        with Quarantine(store.quarantine(file.recipe.name)) as quarantine:
            frame = _take_in(file, flow, quarantine, by_record, lambda name, done: progress(name, done, len(work)))
        bad, rows = sum(f.bad for f in flow.files), sum(f.rows for f in flow.files)
        max_bad.check(bad, rows, quarantine.path)
        for place, step in enumerate(file.steps[by_record:], start=by_record):
            progress(step.name, len(file.recipe.inputs) + place - by_record, len(work))
            frame = flow.run(place, step, frame)
        progress("write", len(work) - 1, len(work))
        book = Book(
            recipe=file.recipe,
            inputs=tuple(flow.files),
            records=flow.records,
            stages=tuple(flow.ledger.counts),
            final=frame,
            review=pl.concat([frame.clear(), *flow.review]),
            ledger=flow.ledger.close(pl.concat(flow.sources), frame),
            tables={name: pl.concat(tables) for name, tables in sorted(flow.tables.items())},
            masked=_masked(file),
        )
        manifest = write_version(staging, book, flow.tools.identity)
        return store.publish(staging, manifest)


def _sees_records_alone(step: Step) -> bool:
    return not isinstance(step.does, Augmenter) and step.does.by_record


def _pieces(file: RecipeFile) -> Iterator[str]:
    yield from (spec.path for spec in file.recipe.inputs)
    yield from (step.name for step in dropwhile(_sees_records_alone, file.steps))
    yield "write"


def _tools(file: RecipeFile) -> Tools:
    identity = file.recipe.identity
    rivals = identity.rivals or words("rivals")
    return Tools(seed=file.recipe.seed, identity=identity.model_copy(update={"rivals": rivals}), folder=file.folder)


def _masked(file: RecipeFile) -> tuple[str, ...] | None:
    """The kinds of personal data that the recipe masks: what the release gate looks for. None for all."""
    return next((step.does.kinds for step in file.steps if isinstance(step.does, Mask)), None)


def _take_in(
    file: RecipeFile, flow: Flow, quarantine: Quarantine, by_record: int, progress: Callable[[str, int], None]
) -> pl.DataFrame:
    """Reads every input, block by block, through the first `by_record` stages, which see each record alone.

    Books the stages `read` and `session`, whose unit is the raw row, and those stages.
    """
    kept = [pl.DataFrame(schema=SCHEMA)]
    seen: dict[str, int] = {}
    for number, spec in enumerate(file.recipe.inputs):
        progress(spec.path, number)
        reading = Reading(spec, file.folder / spec.path, partial(quarantine.keep, spec.path))
        rows = 0
        for piece in reading.pieces():
            sessions = flow.forgotten.without(form_sessions(piece.turns, spec, reading.digest, seen))
            flow.ledger.rows("read", piece.rows, piece.events)
            flow.ledger.rows("session", piece.rows - piece.events.height, sessions.events)
            flow.sources.append(pl.concat([piece.events, sessions.events]).select("file", "row", "id"))
            flow.records += sessions.records.height
            frame = sessions.records
            for place, step in enumerate(file.steps[:by_record]):
                frame = flow.run(place, step, frame)
            kept.append(frame)
            rows += piece.rows
            progress(f"{spec.path}  {rows:,}", number)
        flow.files.append(reading.facts())
    return pl.concat(kept)


def _run(step: Step, frame: pl.DataFrame, tools: Tools) -> Outcome:
    if isinstance(step.does, Augmenter):
        added = step.does.add(frame, tools)
        return Outcome(pl.concat([frame, added.select(frame.columns)]), pl.DataFrame(schema=EVENTS))
    return step.does.run(frame, tools)
