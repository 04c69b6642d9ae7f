"""What a build will do: every stage, what its output depends on, and which outputs may stay for the next build."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from curate.augmenters import Augmenter
from curate.build.cache_keys import Key, code, libraries
from curate.erasure.forgotten import NOTHING, Forgotten
from curate.recipe.load import RecipeFile, Step
from curate.stages import Stage, Tools
from curate.stages.mask import Mask
from rules.lexicons import words
from schemas.digest import digest, digest_file
from schemas.errors import InputError
from schemas.input import Input

READING = (
    "curate.reading.input_reader",
    "curate.conversations.sessions",
    "curate.conversations.content_ids",
    "curate.build.pipeline",
    "curate.ledger",
    "curate.build.block_outputs",
)
"""The modules that make raw files into records, and book what stages do."""


@dataclass(frozen=True)
class Planned:
    """One stage, for one input where it sees records alone. Place -1 is the reading of an input."""

    place: int
    name: str
    path: str
    """The input, or empty where the stage sees all records at once."""
    key: Key


@dataclass(frozen=True)
class Segment:
    """Stages that run one after the other without putting anything down. `key` is that of the last one's output."""

    steps: tuple[tuple[int, Step], ...]
    key: str
    is_kept: bool
    """Whether the output may stay on the disk after the build: never before personal data is masked."""


@dataclass(frozen=True)
class Plan:
    """`inputs` has the segments of each input, block by block; `later` the stages that see all records at once."""

    inputs: tuple[tuple[Segment, ...], ...]
    later: tuple[Segment, ...]
    planned: tuple[Planned, ...]
    digests: tuple[str, ...]
    """Of the inputs."""
    reads: tuple[tuple[Path, str], ...]
    """The files that stages read themselves, with their digests."""

    def keys(self) -> set[str]:
        """The keys of all outputs that may be kept."""
        return {s.key for some in (*self.inputs, self.later) for s in some if s.is_kept}


def sees_records_alone(step: Step) -> bool:
    return not isinstance(step.does, Augmenter) and step.does.by_record


def tools_of(file: RecipeFile) -> Tools:
    identity = file.recipe.identity
    rivals = identity.rivals or words("rivals")
    return Tools(seed=file.recipe.seed, identity=identity.model_copy(update={"rivals": rivals}), folder=file.folder)


def file_of(path: Path) -> Path:
    """The file of an input, or the archive that it is a member of."""
    return next(p for p in (path, *path.parents) if p.is_file())


def plan_of(file: RecipeFile, forgotten: Forgotten = NOTHING) -> Plan:
    """The plan of a recipe. Reads every input once, for its digest. Forgotten rows make what was made before stale."""
    alone = list(takewhile(sees_records_alone, file.steps))
    masked = next((n for n, step in enumerate(file.steps) if isinstance(step.does, Mask)), len(file.steps))
    planned: list[Planned] = []
    inputs: list[tuple[Segment, ...]] = []
    digests: list[tuple[str, str]] = []
    last: list[str] = []
    for spec in file.recipe.inputs:
        digests.append((spec.path, digest_file(file_of(file.folder / spec.path))))
        without = sorted(forgotten.records)
        before = digest("inputs", digests, without) if without else digest("inputs", digests)
        key = Key(before, _parameters_of(spec), code(*READING), libraries())
        mine = [Planned(-1, "read", spec.path, key), *_stages(file, range(len(alone)), spec.path, key)]
        inputs.append(_segments(file, mine[1:], mine[0], masked))
        last.append(mine[-1].key.digest)
        planned += mine
    start = Key(digest("records", last), "", "", "")
    later = _stages(file, range(len(alone), len(file.steps)), "", start)
    reads = tuple((path, digest_file(path)) for step in file.steps for path in _read_by(file, step))
    whole = (*planned, *later)
    return Plan(tuple(inputs), _apart(file, later, masked), whole, tuple(of for _, of in digests), reads)


def _parameters_of(spec: Input) -> str:
    return digest("input", spec.model_dump(mode="json"))


def _stages(file: RecipeFile, places: range, path: str, key: Key) -> list[Planned]:
    """These stages one after the other, behind what `key` stands for."""
    identity = tools_of(file).identity.model_dump(mode="json")
    planned = []
    for place in places:
        step = file.steps[place]
        dump = step.does.model_dump(mode="json")
        settings = digest(step.name, dump, file.recipe.seed, identity, _surroundings(dump))
        key = Key(key.digest, settings, code(type(step.does).__module__), libraries(), _files_of(file, step))
        planned.append(Planned(place, step.name, path, key))
    return planned


def _read_by(file: RecipeFile, step: Step) -> list[Path]:
    """The files that a stage reads itself. Raises InputError for one that is not there."""
    paths = [file.folder / path for path in step.does.reads()] if isinstance(step.does, Stage) else []
    for path in paths:
        if path.is_dir():
            en, zh = f"{path} is a folder; name the files in it", f"{path} 是文件夹；请写出其中的文件"
            raise InputError(f"{step.name}: {en}", f"{step.name}：{zh}")
        if not path.is_file():
            raise InputError(f"{step.name}: there is no file {path}", f"{step.name}：没有文件 {path}")
    return paths


def _files_of(file: RecipeFile, step: Step) -> str:
    paths = _read_by(file, step)
    return digest([digest_file(path) for path in paths]) if paths else ""


def _surroundings(settings: Any) -> list[str]:
    """Digests of the environment variables that settings name: a key for masking is such a one."""
    if isinstance(settings, str):
        return [digest("environment", settings, os.environ[settings])] if settings in os.environ else []
    parts = settings.values() if isinstance(settings, dict) else settings if isinstance(settings, list) else ()
    return [found for part in parts for found in _surroundings(part)]


def _segments(file: RecipeFile, stages: Sequence[Planned], read: Planned, masked: int) -> tuple[Segment, ...]:
    """Everything up to the masking in one; after it, and before the first stage that sees all, stages one by one."""
    together = [stage for stage in stages if stage.place <= masked]
    first = Segment(
        tuple((stage.place, file.steps[stage.place]) for stage in together),
        (together or [read])[-1].key.digest,
        is_kept=bool(together) and together[-1].place == masked,
    )
    return (first, *_apart(file, stages[len(together) :], masked))


def _apart(file: RecipeFile, stages: Sequence[Planned], masked: int) -> tuple[Segment, ...]:
    return tuple(
        Segment(((stage.place, file.steps[stage.place]),), stage.key.digest, is_kept=stage.place >= masked)
        for stage in stages
    )
