"""Writes the files of one version: shards, exam, ledger, recipe, card, and what trainers look for."""

import hashlib
import json
import platform
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import yaml

from curate.build.frames_on_disk import Frames
from curate.conversations.exam_questions import exam_questions
from curate.conversations.training_shares import count_kinds, in_training, shares
from curate.privacy.release_gate import EVERYTHING, Gate, scan_files
from curate.publish.dataset_card import dataset_card
from curate.publish.export_formats import LLAMA_FACTORY_MESSAGES
from curate.store.shards import ROWS, write_jsonl, write_records, write_shards, write_text
from curate.store.verify import circumstances, version_id
from schemas.base_answers import AnswerFile
from schemas.digest import SIZE, digest_file
from schemas.errors import InputError
from schemas.frame import SCHEMA
from schemas.identity import Identity
from schemas.manifest import Decisions, InputFile, Manifest, Shard, Share, StageCount
from schemas.recipe import Recipe
from schemas.review import ReviewFile
from schemas.rewordings import RewordingFile
from schemas.scores import ScoreFile
from schemas.version_files import TRAIN, VersionFiles

MATTERING_PACKAGES = ("polars", "pydantic", "numpy", "ftfy", "opencc", "python-calamine")
"""Packages whose version may change what a version holds; noted in run.json."""


@dataclass(frozen=True)
class VersionContent:
    """All that a build found out: what `write_version` needs to put it on disk."""

    recipe: Recipe
    inputs: tuple[InputFile, ...]
    reviews: tuple[ReviewFile, ...]
    answers: tuple[AnswerFile, ...]
    records: int
    stages: tuple[StageCount, ...]
    final: Frames
    review: Frames
    ledger: Frames
    tables: Mapping[str, Frames] = field(default_factory=dict)
    """What stages measured, by name: a parquet file each."""
    gate: Gate = EVERYTHING
    """The personal data that no file may hold."""
    rewordings: tuple[RewordingFile, ...] = ()
    rewordings_from: Path | None = None
    """Where the file of rewordings lies, of which the version gets a copy."""
    scores: tuple[ScoreFile, ...] = ()
    scores_from: Path | None = None
    """Where the file of scores lies, of which it gets one, too."""

    def decided_by(self) -> Decisions:
        """List the files beside the inputs that say what becomes of single records, in the order of the manifest."""
        return (*self.reviews, *self.answers, *self.rewordings, *self.scores)


class WrittenRecords(NamedTuple):
    """The files of records, and what was learnt of the records on their way into them."""

    train: list[Shard]
    exam: Shard
    review: Shard
    content: str
    """One digest over all lines, wherever one shard ends and the next begins: the id of the version is made of it."""
    probes: Counter[str]
    """Exam questions by what they ask for."""
    shares: tuple[Share, ...]

    @property
    def shards(self) -> tuple[Shard, ...]:
        return (*self.train, self.exam, self.review)


def write_version(folder: Path, built: VersionContent, identity: Identity, rows: int = ROWS) -> Manifest:
    """Write everything but the manifest into `folder`, in shards of `rows` rows, and give the manifest.

    Raises GateError when a file that is about to be published holds personal data.
    """
    files = VersionFiles(folder)
    written = _write_records(files, built, rows)
    manifest = _manifest(built, identity, written)
    texts = _write_texts(files, built.recipe, manifest)
    tables = [_write_table(files.ledger, built.ledger, _digest_of(built.inputs))]
    tables += [_write_table(files.table(name), table) for name, table in built.tables.items()]
    tables += _copies(files, built)

    # The last gate before anybody can see a file.
    scan_files(sorted(p for p in folder.iterdir() if p.is_file()), built.gate)
    files.run.write_bytes(circumstances(_circumstances()))
    return manifest.model_copy(update={"shards": (*manifest.shards, *tables, *texts)})


def _write_records(files: VersionFiles, built: VersionContent, rows: int) -> WrittenRecords:
    """Write training shards, exam and review, in the order of their ids."""
    content = hashlib.blake2b(digest_size=SIZE)
    passing = _PassingRecords()
    train = write_shards(files.folder, TRAIN, passing.training(built.final.by_id()), content.update, rows)
    questions = exam_questions(pl.concat([pl.DataFrame(schema=SCHEMA), *passing.held_out]))
    exam = write_jsonl(files.exam, questions, content.update)
    review = write_records(files.review, built.review.by_id(), content.update)
    return WrittenRecords(
        train=train,
        exam=exam,
        review=review,
        content=content.hexdigest(),
        probes=Counter(question["probe"] for question in questions),
        shares=tuple(shares(passing.counts)),
    )


def _manifest(built: VersionContent, identity: Identity, written: WrittenRecords) -> Manifest:
    """Say what the version is, with the files of records alone; the others are added when they are written."""
    recipe = built.recipe.canonical_digest()
    return Manifest(
        name=built.recipe.name,
        id=version_id(recipe, built.inputs, built.decided_by(), written.content),
        recipe=recipe,
        seed=built.recipe.seed,
        identity=identity,
        inputs=built.inputs,
        reviews=built.reviews,
        answers=built.answers,
        rewordings=built.rewordings,
        scores=built.scores,
        records=built.records,
        stages=built.stages,
        shares=written.shares,
        train_rows=sum(shard.rows for shard in written.train),
        exam_questions=dict(sorted(written.probes.items())),
        shards=written.shards,
    )


class _PassingRecords:
    """Notes what it needs while the records go by, once, on their way into the shards."""

    def __init__(self) -> None:
        self.counts: list[pl.DataFrame] = []
        self.held_out: list[pl.DataFrame] = []

    def training(self, pieces: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Give the records to train on; count each kind of them, and set the exam aside."""
        for records in pieces:
            self.counts.append(count_kinds(records))
            self.held_out.append(records.filter(~in_training()))
            yield records.filter(in_training())


def _write_texts(files: VersionFiles, recipe: Recipe, manifest: Manifest) -> list[Shard]:
    """Write the recipe, the card, and the entries of dataset_info.json."""
    return [
        write_text(files.recipe, yaml.safe_dump(recipe.canonical(), allow_unicode=True, sort_keys=True)),
        write_text(files.card, dataset_card(manifest, recipe)),
        write_text(files.dataset_info, json.dumps(_dataset_info(manifest), indent=1, ensure_ascii=False) + "\n"),
    ]


def _dataset_info(manifest: Manifest) -> dict[str, Any]:
    """Make the entries that LLaMA-Factory reads: one per shard, all of them OpenAI messages."""
    names = [shard.name for shard in manifest.trained_on()]
    keys = [manifest.name] if len(names) == 1 else [f"{manifest.name}-{n:05d}" for n in range(len(names))]
    return {key: {"file_name": name, **LLAMA_FACTORY_MESSAGES} for key, name in zip(keys, names, strict=True)}


def _digest_of(inputs: tuple[InputFile, ...]) -> pl.Expr:
    """Look up the digest of the raw file of an event: a path may hold another file tomorrow."""
    digests = {file.path: file.digest for file in inputs}
    return pl.col("file").replace_strict(digests, default=None, return_dtype=pl.String).alias("digest")


def _write_table(path: Path, table: Frames, *more: pl.Expr) -> Shard:
    """Write a table as parquet, with more columns if given."""
    table.lazy().with_columns(*more).sink_parquet(path, maintain_order=True)
    return Shard(name=path.name, digest=digest_file(path), bytes=path.stat().st_size, rows=table.height)


def _copies(files: VersionFiles, built: VersionContent) -> Iterator[Shard]:
    """Copy the files of rewordings and of scores that the version was made with."""
    if built.rewordings_from is not None:
        [rewordings] = built.rewordings
        yield _copied(built.rewordings_from, files.rewordings, rewordings.digest, rewordings.rewordings)
    if built.scores_from is not None:
        [scores] = built.scores
        yield _copied(built.scores_from, files.model_scores, scores.digest, scores.scores)


def _copied(source: Path, path: Path, stated: str, rows: int) -> Shard:
    """Copy a file. Raises InputError where it is not the one with the stated digest by now."""
    shutil.copyfile(source, path)
    if digest_file(path) != stated:
        raise InputError(f"{source} changed while it was read; build again", f"{source} 在读取期间被改动；请重新构建")
    return Shard(name=path.name, digest=stated, bytes=path.stat().st_size, rows=rows)


def _circumstances() -> dict[str, object]:
    """Note when and with what the version was written: no part of its content."""
    return {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: installed(name) for name in ("hornbook", *MATTERING_PACKAGES)},
    }
