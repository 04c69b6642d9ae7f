"""From a recipe to a version: read, form sessions, run the stages, balance the books, write, publish."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile, takewhile
from pathlib import Path

import polars as pl

from curate.augmenters import Augmenter
from curate.intake import Piece, Reading
from curate.ledger import ENDS, Booked, Ledger, end_states, ended, left, place_of, records_booked, rows_booked, state
from curate.pseudonyms import spared_names
from curate.quarantine import USUAL, MaxBad, Quarantine
from curate.recipe_file import RecipeFile, Step
from curate.release import Gate
from curate.seen import Seen
from curate.sessions import Sessions, form_sessions
from curate.spill import Frames
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


@dataclass(frozen=True)
class Passed:
    """What stages made of some records: what goes on, what is booked by place and stage, and what lies beside it."""

    kept: pl.DataFrame
    booked: tuple[tuple[int, Booked], ...]
    review: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]

    def events(self) -> list[pl.DataFrame]:
        return [events for _, (_, events) in self.booked]


class Flow:
    """What goes through a build. It lies on the disk, block by block; in memory there is one block at a time."""

    def __init__(self, folder: Path, tools: Tools) -> None:
        self._folder = folder
        self.tools = tools
        self.ledger = Ledger()
        self.files: list[InputFile] = []
        self.records = 0
        self.events = Frames(folder, "events", EVENTS)
        """Of each block, from the reading of its rows on."""
        self.kept = Frames(folder, "kept", SCHEMA)
        """Of each block, what the stages by record let through."""
        self.review = Frames(folder, "review", SCHEMA)
        self.tables: dict[str, Frames] = {}
        self._late: list[pl.DataFrame] = []
        self._final: pl.DataFrame | None = None

    def take(self, piece: Piece, sessions: Sessions, passed: Passed) -> None:
        """Puts a block away."""
        rows = [
            rows_booked("read", piece.rows, piece.events),
            rows_booked("session", piece.rows - piece.events.height, sessions.events),
        ]
        for count, _ in rows:
            self.ledger.add(place_of(count.stage), count)
        self.records += sessions.records.height
        self.kept.add(passed.kept)
        self.events.add(pl.concat([*(events for _, events in rows), *passed.events()]))
        self._put(passed)

    def run(self, steps: Sequence[tuple[int, Step]]) -> None:
        """Lets stages see all records at once."""
        frame = self.kept.whole() if self._final is None else self._final
        passed = pass_through(frame, steps, self.tools)
        self._final = passed.kept
        self._late += passed.events()
        self._put(passed)

    def _put(self, passed: Passed) -> None:
        for place, (count, _) in passed.booked:
            self.ledger.add(place, count)
        if passed.review.height:
            self.review.add(passed.review)
        for name, table in passed.tables.items():
            self.tables.setdefault(name, Frames(self._folder, f"table-{name}", table.schema)).add(table)

    def final(self) -> Frames:
        """The records of the version."""
        if self._final is None:
            return self.kept
        final = Frames(self._folder, "final", SCHEMA)
        final.add(self._final)
        return final

    def closed(self) -> Frames:
        """The whole ledger: the events of the blocks, those of later stages, and a final state for every row."""
        late = pl.concat([pl.DataFrame(schema=EVENTS), *self._late])
        ending = Frames(self._folder, "ends", EVENTS)
        for states in end_states(self.events, self._ends(late, ending)):
            ending.add(states)
        middle = Frames(self._folder, "late", EVENTS)
        middle.add(late)
        return Frames(self._folder, "ledger", EVENTS, [*self.events.paths, *middle.paths, *ending.paths])

    def _ends(self, late: pl.DataFrame, ending: Frames) -> Iterator[pl.DataFrame]:
        """How the records of each block ended that passed the stages by record; what no block had goes to `ending`."""
        if self._final is None:
            yield from map(ended, self.kept)
            return
        ends = pl.concat([ended(self._final), left(late)])
        ids = [frame.select("id", block=pl.lit(number)) for number, frame in enumerate(self.kept.columns("id"))]
        placed = ends.join(pl.concat(ids), on="id", how="left", maintain_order="left")
        for number in range(len(ids)):
            yield placed.filter(pl.col("block") == number).select(ENDS.names())
        ending.add(state(placed.filter(pl.col("block").is_null())).sort("id"))


def pass_through(frame: pl.DataFrame, steps: Sequence[tuple[int, Step]], tools: Tools) -> Passed:
    """The records after these stages, booked. Raises GateError when the books do not balance."""
    booked: list[tuple[int, Booked]] = []
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
    whole = {name: pl.concat(pieces) for name, pieces in sorted(tables.items())}
    return Passed(frame, tuple(booked), pl.concat(review), whole)


def build(file: RecipeFile, store: Store, progress: Progress = lambda *_: None, max_bad: MaxBad = USUAL) -> Path:
    """The folder of the version that the recipe makes; the same inputs give the same version.

    Raises HornbookError: InputError for a file that cannot be read or a missing key, GateError when too many rows are
    bad or a stage or the release gate refuses, LockedError when another process writes to the book.
    """
    mask = _mask(file)
    if mask:
        mask.secret()
    with store.writing(file.recipe.name) as staging, store.spilling(staging) as spill:
        work = list(_pieces(file))
        by_record = len(list(takewhile(_sees_records_alone, file.steps)))
        flow = Flow(spill, _tools(file))
        with Quarantine(store.quarantine(file.recipe.name)) as quarantine:
            _take_in(file, flow, quarantine, by_record, lambda name, done: progress(name, done, len(work)))
        bad, rows = sum(f.bad for f in flow.files), sum(f.rows for f in flow.files)
        max_bad.check(bad, rows, quarantine.path)
        for place, step in enumerate(file.steps[by_record:], start=by_record):
            progress(step.name, len(file.recipe.inputs) + place - by_record, len(work))
            flow.run([(place, step)])
        progress("write", len(work) - 1, len(work))
        book = Book(
            recipe=file.recipe,
            inputs=tuple(flow.files),
            records=flow.records,
            stages=tuple(flow.ledger.counts),
            final=flow.final(),
            review=flow.review,
            ledger=flow.closed(),
            tables=dict(sorted(flow.tables.items())),
            gate=mask.gate(flow.tools.identity) if mask else Gate(spared=spared_names(flow.tools.identity)),
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


def _mask(file: RecipeFile) -> Mask | None:
    """The stage that masks: what the release gate looks for. None where the recipe has none."""
    return next((step.does for step in file.steps if isinstance(step.does, Mask)), None)


def _take_in(
    file: RecipeFile, flow: Flow, quarantine: Quarantine, by_record: int, progress: Callable[[str, int], None]
) -> None:
    """Reads every input, block by block, through the first `by_record` stages, which see each record alone."""
    seen = Seen()
    steps = list(enumerate(file.steps[:by_record]))
    for number, spec in enumerate(file.recipe.inputs):
        progress(spec.path, number)
        reading = Reading(spec, file.folder / spec.path, partial(quarantine.keep, spec.path))
        rows = 0
        for piece in reading.pieces():
            sessions = form_sessions(piece.turns, spec, reading.digest, seen)
            flow.take(piece, sessions, pass_through(sessions.records, steps, flow.tools))
            rows += piece.rows
            progress(f"{spec.path}  {rows:,}", number)
        flow.files.append(reading.facts())


def _run(step: Step, frame: pl.DataFrame, tools: Tools) -> Outcome:
    if isinstance(step.does, Augmenter):
        added = step.does.add(frame, tools)
        return Outcome(pl.concat([frame, added.select(frame.columns)]), pl.DataFrame(schema=EVENTS))
    return step.does.run(frame, tools)
