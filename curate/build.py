"""From a recipe to a version: read, form sessions, run the stages, balance the books, write, publish."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.augmenters import Augmenter
from curate.intake import read_input
from curate.ledger import Ledger
from curate.recipe_file import RecipeFile, Step
from curate.sessions import form_sessions
from curate.stages import Outcome, Tools
from curate.stages.mask import Mask
from curate.store import Store
from curate.version import Book, write_version
from rules.lexicons import words
from schemas.frame import SCHEMA
from schemas.ledger import EVENTS
from schemas.manifest import InputFile

Progress = Callable[[str, int, int], None]
"""Told before each piece of work: its name, how many pieces are done, and how many there are."""


@dataclass
class Intake:
    """All inputs as records, with a line (file, row, id) for every raw row."""

    records: pl.DataFrame
    sources: pl.DataFrame
    files: list[InputFile]


def build(file: RecipeFile, store: Store, progress: Progress = lambda *_: None) -> Path:
    """The folder of the version that the recipe makes; the same inputs give the same version.

    Raises HornbookError: InputError for a file that cannot be read, GateError when a stage or the release gate
    refuses, LockedError when another process writes to the book.
    """
    with store.writing(file.recipe.name) as staging:
        work = list(_pieces(file))
        ledger = Ledger()
        taken = _take_in(file, ledger, lambda name, done: progress(name, done, len(work)))
        frame, review = taken.records, []
        tools = _tools(file)
        for done, step in enumerate(file.steps, start=len(file.recipe.inputs)):
            progress(step.name, done, len(work))
            outcome = _run(step, frame, tools)
            ledger.records(step.name, frame, outcome.kept, outcome.events)
            review.append(_sent_to_review(frame, outcome))
            frame = outcome.kept
        progress("write", len(work) - 1, len(work))
        book = Book(
            recipe=file.recipe,
            inputs=tuple(taken.files),
            records=taken.records.height,
            stages=tuple(ledger.counts),
            final=frame,
            review=pl.concat(review) if review else frame.clear(),
            ledger=ledger.close(taken.sources, frame),
            masked=_masked(file),
        )
        manifest = write_version(staging, book, tools.identity)
        return store.publish(staging, manifest)


def _pieces(file: RecipeFile) -> Iterator[str]:
    yield from (spec.path for spec in file.recipe.inputs)
    yield from (step.name for step in file.steps)
    yield "write"


def _tools(file: RecipeFile) -> Tools:
    identity = file.recipe.identity
    rivals = identity.rivals or words("rivals")
    return Tools(seed=file.recipe.seed, identity=identity.model_copy(update={"rivals": rivals}), folder=file.folder)


def _masked(file: RecipeFile) -> tuple[str, ...] | None:
    """The kinds of personal data that the recipe masks: what the release gate looks for. None for all."""
    return next((step.does.kinds for step in file.steps if isinstance(step.does, Mask)), None)


def _take_in(file: RecipeFile, ledger: Ledger, progress: Callable[[str, int], None]) -> Intake:
    """Reads every input. Books the stages `read` and `session`, whose unit is the raw row."""
    records, read_events, session_events, files = [pl.DataFrame(schema=SCHEMA)], [], [], []
    seen: dict[str, int] = {}
    for number, spec in enumerate(file.recipe.inputs):
        progress(spec.path, number)
        intake = read_input(spec, file.folder / spec.path)
        sessions = form_sessions(intake, spec, seen)
        records.append(sessions.records)
        read_events.append(intake.events)
        session_events.append(sessions.events)
        files.append(intake.facts)
    read, formed = pl.concat(read_events), pl.concat(session_events)
    rows, bad = sum(f.rows for f in files), sum(f.bad for f in files)
    ledger.rows("read", rows, read)
    ledger.rows("session", rows - bad, formed)
    sources = pl.concat([read, formed]).select("file", "row", "id")
    return Intake(pl.concat(records), sources, files)


def _run(step: Step, frame: pl.DataFrame, tools: Tools) -> Outcome:
    if isinstance(step.does, Augmenter):
        added = step.does.add(frame, tools)
        return Outcome(pl.concat([frame, added.select(frame.columns)]), pl.DataFrame(schema=EVENTS))
    return step.does.run(frame, tools)


def _sent_to_review(before: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    ids = outcome.events.filter(pl.col("verdict") == "review")["id"]
    return before.filter(pl.col("id").is_in(ids.implode()))
