"""What a build will do: every stage, what its output depends on, and which outputs may stay for the next build."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from curate.augmenters import Augmenter
from curate.build.cache_keys import Key, code, libraries
from curate.build.pipeline import NumberedStep
from curate.erasure.forgotten import NOTHING, Forgotten
from curate.reading.parts import parts_of
from curate.recipe.load import RecipeFile, Step
from curate.stages import Tools
from curate.stages.mask import Mask
from schemas.digest import digest, digest_file
from schemas.errors import InputError
from schemas.input import Input, file_and_sheet
from schemas.introductions.known import known
from schemas.stage_names import typed_name

READING = (
    "curate.reading.parts_reader",
    "curate.conversations.sessions",
    "curate.conversations.content_ids",
    "curate.build.pipeline",
    "curate.ledger",
    "curate.build.block_outputs",
)
"""The modules that make raw files into records, and book what stages do: the first key of every input depends on them.
A test imports each by its name here."""
READ = -1
"""The position of the reading of an input, before the stages of the recipe."""


@dataclass(frozen=True)
class PlannedStage:
    """One stage, for one input where it sees records alone."""

    position: int
    """Its place in the recipe; READ for the reading of an input."""
    name: str
    path: str
    """The input, or empty where the stage sees all records at once."""
    key: Key


@dataclass(frozen=True)
class Segment:
    """Stages that run one after the other without putting anything down. `key` is that of the last one's output."""

    steps: tuple[NumberedStep, ...]
    key: str
    is_kept: bool
    """Whether the output may stay on the disk after the build: never before personal data is masked."""

    @property
    def name(self) -> str:
        """The name of the stage that opens it."""
        return self.steps[0].step.name


class FileOfStage(NamedTuple):
    """A file that a stage reads itself, with its digest when the build was planned."""

    path: Path
    digest: str


@dataclass(frozen=True)
class Plan:
    """All that a build will do, and what it depends on."""

    inputs: tuple[tuple[Segment, ...], ...]
    """The segments of each input, which its records pass block by block."""
    whole_stages: tuple[Segment, ...]
    """The stages that see all records at once, one a segment."""
    stages: tuple[PlannedStage, ...]
    digests: tuple[str, ...]
    """Of the inputs."""
    reads: tuple[FileOfStage, ...]

    def segments(self) -> list[Segment]:
        """All segments, in their order."""
        return [segment for segments in (*self.inputs, self.whole_stages) for segment in segments]

    def keys(self) -> set[str]:
        """The keys of all outputs that may be kept."""
        return {segment.key for segment in self.segments() if segment.is_kept}


def sees_records_alone(step: Step) -> bool:
    """Tell whether a stage looks at each record on its own, so that blocks of them can pass it."""
    return not isinstance(step.does, Augmenter) and step.does.by_record


def tools_of(file: RecipeFile) -> Tools:
    """Gather what the stages of a recipe may use; where it names no rivals, those that everybody knows."""
    identity = file.recipe.identity
    rivals = identity.rivals or known("rivals")
    return Tools(seed=file.recipe.seed, identity=identity.model_copy(update={"rivals": rivals}), folder=file.folder)


def file_of(path: Path) -> Path:
    """Find the file of an input, or the archive or workbook that it is a part of."""
    path, _ = file_and_sheet(path)
    return next(p for p in (path, *path.parents) if p.is_file())


def digest_of_input(spec: Input, folder: Path) -> str:
    """Digest the file of an input, or the names and contents of its files. `folder` is where paths start."""
    parts = parts_of(spec, folder)
    if [part.path for part in parts] == [spec.path]:
        return digest_file(file_of(folder / spec.path))
    return digest("parts", [(part.path, digest_file(file_of(folder / part.path))) for part in parts])


def plan_of(file: RecipeFile, forgotten: Forgotten = NOTHING) -> Plan:
    """Plan a recipe. Reads every input once, for its digest. Forgotten rows make earlier outputs stale."""
    by_record = len(list(takewhile(sees_records_alone, file.steps)))
    mask = next((position for position, step in enumerate(file.steps) if isinstance(step.does, Mask)), len(file.steps))

    stages: list[PlannedStage] = []
    inputs: list[tuple[Segment, ...]] = []
    digests: list[tuple[str, str]] = []
    last_keys: list[str] = []
    for spec in file.recipe.inputs:
        digests.append((spec.path, digest_of_input(spec, file.folder)))
        reading = PlannedStage(READ, "read", spec.path, _reading_key(spec, digests, forgotten))
        following = _planned(file, range(by_record), spec.path, reading.key)
        inputs.append(_segments(file, following, reading, mask))
        last_keys.append((following or [reading])[-1].key.digest)
        stages += [reading, *following]

    all_records = Key(digest("records", last_keys), "", "", "")
    whole_stages = _planned(file, range(by_record, len(file.steps)), "", all_records)
    return Plan(
        inputs=tuple(inputs),
        whole_stages=_one_by_one(file, whole_stages, mask),
        stages=(*stages, *whole_stages),
        digests=tuple(content for _, content in digests),
        reads=tuple(FileOfStage(path, digest_file(path)) for step in file.steps for path in _read_by(file, step)),
    )


def _reading_key(spec: Input, digests: Sequence[tuple[str, str]], forgotten: Forgotten) -> Key:
    """Make the key of the records of an input: it depends on the inputs before, too, since ids count equal contents."""
    without = sorted(forgotten.records)
    before = digest("inputs", digests, without) if without else digest("inputs", digests)
    return Key(before, digest("input", spec.model_dump(mode="json")), code(*READING), libraries())


def _planned(file: RecipeFile, positions: range, path: str, key: Key) -> list[PlannedStage]:
    """Plan these stages of the recipe, one after the other, behind what `key` stands for."""
    identity = tools_of(file).identity.model_dump(mode="json")
    stages = []
    for position in positions:
        step = file.steps[position]
        dump = step.does.model_dump(mode="json")
        settings = digest(step.name, dump, file.recipe.seed, identity, _environment(dump))
        key = Key(key.digest, settings, code(type(step.does).__module__), libraries(), _files_of(file, step))
        stages.append(PlannedStage(position, step.name, path, key))
    return stages


def _read_by(file: RecipeFile, step: Step) -> list[Path]:
    """List the files that a stage reads itself. Raises InputError for one that is not there."""
    paths = [file.folder / path for path in step.does.reads()]
    name = typed_name(step.name)
    for path in paths:
        if path.is_dir():
            en, zh = f"{path} is a folder; name the files in it", f"{path} 是文件夹；请写出其中的文件"
            raise InputError(f"{name}: {en}", f"{name}：{zh}")
        if not path.is_file():
            command = step.does.written_by
            en, zh = (f"; `{command}` writes it", f"；由 {command} 写出") if command else ("", "")
            raise InputError(f"{name}: there is no file {path}{en}", f"{name}：没有文件 {path}{zh}")
    return paths


def _files_of(file: RecipeFile, step: Step) -> str:
    paths = _read_by(file, step)
    return digest([digest_file(path) for path in paths]) if paths else ""


def _environment(settings: Any) -> list[str]:
    """Digest the environment variables that settings name: a key for masking is such a one."""
    if isinstance(settings, str):
        return [digest("environment", settings, os.environ[settings])] if settings in os.environ else []
    values = settings.values() if isinstance(settings, dict) else settings if isinstance(settings, list) else ()
    return [found for value in values for found in _environment(value)]


def _segments(file: RecipeFile, stages: Sequence[PlannedStage], read: PlannedStage, mask: int) -> tuple[Segment, ...]:
    """Everything up to the masking in one segment; after it, the stages by record one by one."""
    together = [stage for stage in stages if stage.position <= mask]
    first = Segment(
        tuple(NumberedStep(stage.position, file.steps[stage.position]) for stage in together),
        (together or [read])[-1].key.digest,
        is_kept=bool(together) and together[-1].position == mask,
    )
    return (first, *_one_by_one(file, stages[len(together) :], mask))


def _one_by_one(file: RecipeFile, stages: Sequence[PlannedStage], mask: int) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            (NumberedStep(stage.position, file.steps[stage.position]),),
            stage.key.digest,
            is_kept=stage.position >= mask,
        )
        for stage in stages
    )
