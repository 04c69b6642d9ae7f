"""Writes the files of one version: shards, exam, ledger, recipe, card, and what trainers look for."""

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from curate.build.frames_on_disk import Frames
from curate.conversations.exam_questions import exam_paper
from curate.conversations.training_shares import counted, in_training, shares
from curate.privacy.release_gate import EVERYTHING, Gate, scan_files
from curate.publish.dataset_card import card
from curate.publish.export_formats._llama_factory import MESSAGES
from curate.store.shards import ROWS, write_jsonl, write_records, write_shards, write_text
from curate.store.verify import circumstances, version_id
from schemas.digest import SIZE, digest_file
from schemas.frame import SCHEMA
from schemas.identity import Identity
from schemas.manifest import InputFile, Manifest, Shard, StageCount
from schemas.recipe import Recipe
from schemas.review import ReviewFile
from schemas.version_files import TRAIN, VersionFiles

MATTERS = ("polars", "pydantic", "numpy", "ftfy", "opencc", "python-calamine")
"""Packages whose version may change a book; noted in run.json."""


@dataclass(frozen=True)
class Book:
    """All that a build found out: what `write_version` needs to put it on disk."""

    recipe: Recipe
    inputs: tuple[InputFile, ...]
    reviews: tuple[ReviewFile, ...]
    records: int
    stages: tuple[StageCount, ...]
    final: Frames
    review: Frames
    ledger: Frames
    tables: Mapping[str, Frames] = field(default_factory=dict)
    """What stages measured, by name: a parquet file each."""
    gate: Gate = EVERYTHING
    """The personal data that no file may hold."""


def write_version(folder: Path, book: Book, identity: Identity, rows: int = ROWS) -> Manifest:
    """Writes everything but the manifest into `folder`, in shards of so many rows, and gives the manifest.

    Raises GateError when a file that is about to be published holds personal data.
    """
    content = hashlib.blake2b(digest_size=SIZE)
    """One digest over all lines, wherever one shard ends and the next begins."""
    files, beside = VersionFiles(folder), _Beside()
    train = write_shards(folder, TRAIN, beside.training(book.final.by_id()), content.update, rows)
    paper = exam_paper(pl.concat([pl.DataFrame(schema=SCHEMA), *beside.held_out]))
    exam = write_jsonl(files.exam, paper, content.update)
    review = write_records(files.review, book.review.by_id(), content.update)
    manifest = Manifest(
        name=book.recipe.name,
        id=version_id(book.recipe.book_digest(), book.inputs, book.reviews, content.hexdigest()),
        recipe=book.recipe.book_digest(),
        seed=book.recipe.seed,
        identity=identity,
        inputs=book.inputs,
        reviews=book.reviews,
        records=book.records,
        stages=book.stages,
        shares=tuple(shares(beside.counted)),
        train_rows=sum(shard.rows for shard in train),
        exam_questions=dict(sorted(Counter(q["probe"] for q in paper).items())),
        shards=(*train, exam, review),
    )
    texts = _papers(files, book.recipe, manifest)
    tables = [_table(files.ledger, book.ledger, _digest_of(book.inputs))]
    tables += [_table(files.table(name), table) for name, table in book.tables.items()]
    manifest = manifest.model_copy(update={"shards": (*manifest.shards, *tables, *texts)})
    scan_files(sorted(p for p in folder.iterdir() if p.is_file()), book.gate)
    files.run.write_bytes(circumstances(_facts()))
    return manifest


class _Beside:
    """What is noted while the records go by."""

    def __init__(self) -> None:
        self.counted: list[pl.DataFrame] = []
        self.held_out: list[pl.DataFrame] = []

    def training(self, pieces: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The records to train on. What each kind is of them is counted, and the exam is set aside."""
        for records in pieces:
            self.counted.append(counted(records))
            self.held_out.append(records.filter(~in_training()))
            yield records.filter(in_training())


def _papers(files: VersionFiles, recipe: Recipe, manifest: Manifest) -> list[Shard]:
    return [
        write_text(files.recipe, yaml.safe_dump(recipe.book(), allow_unicode=True, sort_keys=True)),
        write_text(files.card, card(manifest, recipe)),
        write_text(files.dataset_info, json.dumps(_dataset_info(manifest), indent=1, ensure_ascii=False) + "\n"),
    ]


def _dataset_info(manifest: Manifest) -> dict[str, Any]:
    """The entries that LLaMA-Factory reads: one per shard, all in the layout of OpenAI messages."""
    names = [shard.name for shard in manifest.trained_on()]
    keys = [manifest.name] if len(names) == 1 else [f"{manifest.name}-{n:05d}" for n in range(len(names))]
    return {key: {"file_name": name, **MESSAGES} for key, name in zip(keys, names, strict=True)}


def _digest_of(inputs: tuple[InputFile, ...]) -> pl.Expr:
    """The digest of the raw file of an event: a path may hold another file tomorrow."""
    digests = {file.path: file.digest for file in inputs}
    return pl.col("file").replace_strict(digests, default=None, return_dtype=pl.String).alias("digest")


def _table(path: Path, table: Frames, *more: pl.Expr) -> Shard:
    table.lazy().with_columns(*more).sink_parquet(path, maintain_order=True)
    return Shard(name=path.name, digest=digest_file(path), bytes=path.stat().st_size, rows=table.height)


def _facts() -> dict[str, object]:
    """When and with what the version was written: facts that are not part of its content."""
    return {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: installed(name) for name in ("hornbook", *MATTERS)},
    }
