"""From a recipe to a version: read, form sessions, run the stages, balance the books, write, publish."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from curate.build.block_outputs import Part
from curate.build.pipeline import Flow, Work
from curate.build.plan import Plan, Segment, file_of, plan_of, tools_of
from curate.build.runner import Here, Processes, runner
from curate.build.write_version import Book, write_version
from curate.conversations.content_ids import Seen
from curate.conversations.reviews import facts_of
from curate.conversations.sessions import form_sessions
from curate.erasure.forgotten import Forgotten
from curate.ledger import place_of, rows_booked
from curate.publish.licences import check_use
from curate.reading.input_reader import Reading
from curate.recipe.load import RecipeFile
from curate.stages.mask import Mask, gate_of
from curate.stages.review import Review
from curate.store.quarantine import USUAL, MaxBad, Quarantine
from curate.store.shards import ROWS
from curate.store.store import LOCK, PLAN, Store
from curate.system import interrupts
from curate.system.disk import replace_durably
from curate.system.progress import Progress
from schemas.digest import canonical, digest_file
from schemas.errors import GateError, HornbookError, InputError
from schemas.frame import SCHEMA
from schemas.manifest import InputFile
from schemas.review import ReviewFile

WHOLE = "whole.json"
"""In the folder of a stage's output: that all of an input is there, and what it was."""


@dataclass(frozen=True)
class How:
    """What changes how a build works and not what it makes: processes, and lines of one shard."""

    jobs: int = 1
    shard_rows: int = ROWS


def build(
    file: RecipeFile,
    store: Store,
    progress: Progress = lambda *_: None,
    max_bad: MaxBad = USUAL,
    how: How = How(),  # it is frozen
) -> Path:
    """The folder of the version that the recipe makes; the same inputs give the same version.

    What an earlier build of the book has made, finished or not, is not made again. Raises HornbookError: InputError
    for a file that cannot be read, GateError when an input may not be used so, too many rows are bad, or a stage or the
    release gate refuses,
    LockedError when another process writes to the book.
    """
    check_use(file.recipe)
    name, mask, identity = file.recipe.name, _mask(file), tools_of(file).identity
    if mask:
        mask.secret()
    with _sweeping(store, name), store.writing(name) as staging, store.spilling(staging) as spill:
        building = Building(file, store, spill, progress)
        with Quarantine(store.quarantine(name)) as quarantine, runner(how.jobs, building.flow.take) as running:
            files = building.read(quarantine, running)
        max_bad.check(sum(f.bad for f in files), sum(f.rows for f in files), quarantine.path)
        _check_filled(files, building.flow)
        building.run_later()
        building.check_reads()
        building.tell("write")
        flow = building.flow
        book = Book(
            recipe=file.recipe,
            inputs=tuple(files),
            reviews=building.reviews(),
            records=flow.records,
            stages=tuple(flow.ledger.counts),
            final=flow.final(),
            review=flow.review,
            ledger=flow.closed(),
            tables=dict(sorted(flow.tables.items())),
            gate=gate_of(file.recipe, identity),
        )
        manifest = write_version(staging, book, identity, how.shard_rows)
        published = store.publish(staging, manifest)
        replace_durably(store.cache(name) / PLAN, _remembered(building.plan, file.folder), store.disk)
        return published


@contextmanager
def _sweeping(store: Store, name: str) -> Iterator[None]:
    """A build that fails or is interrupted leaves no folder of a book without a version, and no empty cache."""
    try:
        yield
    except BaseException:
        # Under the lock, and not where another process holds it: the folder is then its own.
        with suppress(HornbookError, OSError), store.locked(name) as book:
            for folder in (*store.cache(name).glob("*/"), store.cache(name), store.cache(name).parent):
                with suppress(OSError):  # one that is not empty stays: the next build uses what is in it
                    folder.rmdir()
            if [path.name for path in book.iterdir()] == [LOCK]:
                (book / LOCK).unlink()
                book.rmdir()
                book.parent.rmdir()
        raise


def _check_filled(files: Sequence[InputFile], flow: Flow) -> None:
    """Raises GateError when no conversation came out of any file: there is nothing to build of."""
    if flow.records:
        return
    reasons = sorted({reason.partition(":")[2] for count in flow.ledger.counts for reason in count.reasons})
    told = f" ({', '.join(reasons)})" if reasons else ""
    rows = sum(file.rows for file in files)
    raise GateError(
        f"not one conversation came out of {rows} rows{told}; `hornbook inspect` shows how each file is read",
        f"{rows} 行里没有得到一段对话{told}；用 hornbook inspect 看看文件是怎样读取的",
    )


@dataclass(frozen=True)
class Outputs:
    """Where the outputs of stages go: what may stay into the cache, all else into the spill of this build."""

    cache: Path
    spill: Path

    def folder(self, segment: Segment) -> Path:
        folder = (self.cache if segment.is_kept else self.spill) / segment.key
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


class Building:
    """One build while it runs."""

    def __init__(self, file: RecipeFile, store: Store, spill: Path, progress: Progress) -> None:
        name = file.recipe.name
        self._forgotten = Forgotten.of(store, name)
        self.plan = plan_of(file, self._forgotten)
        self.flow = Flow(spill)
        self._file = file
        self._tools = replace(tools_of(file), parent=store.newest(name))
        self._outputs = Outputs(store.cache(name), spill)
        self._outputs.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._progress = progress
        self._names = [
            *(spec.path for spec in file.recipe.inputs),
            *(s.steps[0][1].name for s in self.plan.later),
            "write",
        ]

    def tell(self, name: str, more: str = "") -> None:
        """Says that a piece of work begins, or how far it is; the place where a Ctrl-C counts that was dropped."""
        interrupts.check()
        self._progress(f"{name}{more}", self._names.index(name), len(self._names))

    def read(self, quarantine: Quarantine, running: Here | Processes) -> list[InputFile]:
        """Every input, block by block, through the stages that see each record alone.

        Inputs before the last one that must be read are read again: ids count equal contents over all of them.
        """
        whole = [self._whole(number) for number in range(len(self.plan.inputs))]
        must = max((number for number, known in enumerate(whole) if known is None or known[0].bad), default=-1)
        seen = Seen()
        files = []
        for number, spec in enumerate(self._file.recipe.inputs):
            self.tell(spec.path)
            known = whole[number]
            keep = partial(quarantine.keep, spec.path)
            if known is None or number <= must:
                files.append(self._read(number, Reading(spec, self._file.folder / spec.path, keep), seen, running))
                continue
            files.append(known[0])
            for block, parts in enumerate(known[1]):
                running.run(self._work(number, block), pl.DataFrame(schema=SCHEMA), (), parts)
        running.finish()
        return files

    def _whole(self, number: int) -> tuple[InputFile, list[list[Part]]] | None:
        """What is known of an input whose first output is all there: the file, and the parts of each block."""
        with suppress(OSError, ValueError, KeyError):
            noted = json.loads((self._outputs.cache / self.plan.inputs[number][0].key / WHOLE).read_bytes())
            parts = [self._work(number, block).known() for block in range(int(noted["blocks"]))]
            if all(parts):
                return InputFile.model_validate(noted["file"]), parts
        return None

    def _work(self, number: int, block: int) -> Work:
        segments = self.plan.inputs[number]
        return Work(tuple((self._outputs.folder(s), s.steps) for s in segments), block, self._tools)

    def _read(self, number: int, reading: Reading, seen: Seen, running: Here | Processes) -> InputFile:
        rows = blocks = 0
        for block, piece in enumerate(reading.pieces()):
            sessions = self._forgotten.without(form_sessions(piece.turns, reading.spec, reading.digest, seen))
            booked = [
                rows_booked("read", piece.rows, piece.events),
                rows_booked("session", piece.rows - piece.events.height, sessions.events),
            ]
            before = tuple((place_of(count.stage), (count, events)) for count, events in booked)
            work = self._work(number, block)
            running.run(work, sessions.records, before, work.known())
            rows += piece.rows
            blocks += 1
            self.tell(reading.spec.path, f"  {rows:,}")
        running.finish()
        self._check_unchanged(number)
        facts = reading.facts()
        first = self.plan.inputs[number][0]
        noted = {"file": facts.model_dump(mode="json"), "blocks": blocks}
        replace_durably(self._outputs.folder(first) / WHOLE, canonical(noted).encode("utf-8"))
        return facts

    def _check_unchanged(self, number: int) -> None:
        """Raises InputError when a file is no longer what the keys say; what was made of it is not kept."""
        path = self._file.folder / self._file.recipe.inputs[number].path
        if digest_file(file_of(path)) != self.plan.digests[number]:
            raise self._undone(path, self.plan.inputs[number])

    def check_reads(self) -> None:
        """The same for the files that stages read themselves."""
        for path, before in self.plan.reads:
            if digest_file(path) != before:
                raise self._undone(path, [s for some in (*self.plan.inputs, self.plan.later) for s in some])

    def _undone(self, path: Path, segments: Sequence[Segment]) -> InputError:
        for segment in segments:
            shutil.rmtree(self._outputs.folder(segment))
        return InputError(f"{path} changed while it was read; build again", f"{path} 在读取期间被改动；请重新构建")

    def reviews(self) -> tuple[ReviewFile, ...]:
        """The files of reviews that the recipe names."""
        named = [step.does.file for step in self._file.steps if isinstance(step.does, Review)]
        return tuple(facts_of(self._file.folder / path, path) for path in named)

    def run_later(self) -> None:
        """The stages that see all records at once."""
        works = [Work(((self._outputs.folder(s), s.steps),), 0, self._tools) for s in self.plan.later]
        for work in works:
            self.tell(work.segments[0][1][0][1].name)
            [part] = work.done(self.flow.records_so_far, (), work.known())
            self.flow.take_all(part)


def _mask(file: RecipeFile) -> Mask | None:
    """The stage that masks: what the release gate looks for. None where the recipe has none."""
    return next((step.does for step in file.steps if isinstance(step.does, Mask)), None)


def _remembered(plan: Plan, folder: Path) -> bytes:
    """What the next build and `hornbook status` compare with, and where the raw files were found."""
    stages = [{"path": p.path, "stage": p.name, "key": p.key.digest, **p.key.components()} for p in plan.planned]
    return canonical({"stages": stages, "keys": sorted(plan.keys()), "folder": str(folder.resolve())}).encode("utf-8")
