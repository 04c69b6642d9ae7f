"""The records whose answers are scored: those of a log that a training would see, or that scores kept from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.augmenters.reword import LastExchange, exchange_of
from curate.build.build import build
from curate.conversations.scores import read_scores
from curate.erasure.forgotten import Forgotten
from curate.recipe.load import RecipeFile
from curate.stages.mask import Mask
from curate.stages.quality import NAME, Quality
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.system.progress import Progress
from schemas.digest import digest
from schemas.errors import InputError
from schemas.record import Message
from schemas.scores import SCORE_COLUMNS, SCORES_FILE
from schemas.tags import REWORDING
from schemas.version_files import VersionFiles

KINDS = ("domain", "general")
"""Kinds whose answers come out of logs; those of the written kit and of rewordings meet no rule."""


class ScoredRecord(NamedTuple):
    """A record that ends with a question and its answer, as a version has it."""

    id: str
    lang: str
    messages: tuple[Message, ...]

    @property
    def content(self) -> str:
        """Digest what is scored: another text is scored anew."""
        return digest("scored", [[message.role, message.content] for message in self.messages])

    @property
    def exchange(self) -> LastExchange:
        return LastExchange(self.messages[-2].content, self.messages[-1].content)


def file_of_scores(file: RecipeFile) -> Path:
    """Find where the scores of a recipe lie, or would: beside it where it names no file."""
    named = (step.does.scores for step in file.steps if isinstance(step.does, Quality) and step.does.scores)
    return file.folder / next(named, SCORES_FILE)


def reads_scores(file: RecipeFile, target: Path) -> bool:
    """Tell whether the recipe has a stage that reads the file."""
    paths = (file.folder / step.does.scores for step in file.steps if isinstance(step.does, Quality))
    return any(path.is_file() and path.samefile(target) for path in paths)


def without_scores(file: RecipeFile) -> RecipeFile:
    """Take the file of scores out of a recipe."""
    stages = tuple(
        choice.model_copy(update={"options": {k: v for k, v in choice.options.items() if k != "scores"}})
        if choice.name == NAME
        else choice
        for choice in file.recipe.stages
    )
    steps = tuple(
        replace(step, does=step.does.model_copy(update={"scores": ""})) if isinstance(step.does, Quality) else step
        for step in file.steps
    )
    return replace(file, recipe=file.recipe.model_copy(update={"stages": stages}), steps=steps)


def version_to_score(file: RecipeFile, store: Store, progress: Progress) -> Path:
    """Build the version of the recipe, without scores where there are none yet.

    The newest version of the dataset stays the newest one. Raises InputError for a recipe that masks nothing.
    """
    if not any(isinstance(step.does, Mask) for step in file.steps):
        raise InputError(
            "the recipe has no stage 'mask': what models are shown must be masked",
            "配方里没有 mask 阶段：给模型看的内容必须先脱敏",
        )
    newest = store.head(file.recipe.name)
    version = build(file if _has_scores(file, store) else without_scores(file), store, progress)
    if newest:
        store.make_newest(file.recipe.name, newest)
    return version


def _has_scores(file: RecipeFile, store: Store) -> bool:
    """Tell whether there are scores that a build takes: it refuses those of forgotten records."""
    path = file_of_scores(file)
    ids = [score.id for score in read_scores(path).values()] if path.is_file() else []
    return bool(ids) and not Forgotten.of(store, file.recipe.name).among(ids)


def records_of(version: Path, seed: int) -> list[ScoredRecord]:
    """Choose the records, by keyed digest: a limit takes the same ones every time."""
    records = {record["id"]: record for record in _records(version)}
    ordered = sorted(records, key=lambda id: digest(seed, "score", id))
    return [_scored_record(records[id]) for id in ordered]


def _records(version: Path) -> Iterator[Mapping[str, Any]]:
    """Read the training records, and those in review because of a score: their scores may have to be made anew."""
    files, in_review = VersionFiles(version), _in_review(version)
    lines = [line for shard in read_manifest(version).trained_on() for line in read_jsonl(version / shard.name)]
    lines += [line for line in read_jsonl(files.review) if line["id"] in in_review]
    for record in lines:
        exchange = exchange_of(record["messages"])
        of_log = record["kind"] in KINDS and REWORDING not in record["tags"]
        if of_log and exchange and exchange.question.strip() and exchange.answer.strip():
            yield record


def _in_review(version: Path) -> set[str]:
    """Collect the ids of the records that rules on scores by models have sent to a person."""
    by_score = (pl.col("stage") == NAME) & (pl.col("verdict") == "review") & pl.col("reason").is_in(SCORE_COLUMNS)
    return set(pl.scan_parquet(VersionFiles(version).ledger).filter(by_score).select("id").collect()["id"])


def _scored_record(record: Mapping[str, Any]) -> ScoredRecord:
    messages = tuple(Message(role=message["role"], content=message["content"]) for message in record["messages"])
    return ScoredRecord(record["id"], record["lang"], messages)
