"""Writes the files of one version: shards, exam, ledger, recipe, card, and what trainers look for."""

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from curate.card import card
from curate.exam_paper import exam_paper
from curate.release import EVERYTHING, Gate, scan_files
from curate.shards import write_jsonl, write_shards, write_text
from curate.shares import shares
from schemas.digest import SIZE, digest, digest_file
from schemas.identity import Identity
from schemas.manifest import InputFile, Manifest, Shard, StageCount
from schemas.recipe import Recipe

MATTERS = ("polars", "pydantic", "numpy", "ftfy", "opencc", "python-calamine")
"""Packages whose version may change a book; noted in run.json."""


@dataclass(frozen=True)
class Book:
    """All that a build found out: what `write_version` needs to put it on disk."""

    recipe: Recipe
    inputs: tuple[InputFile, ...]
    records: int
    stages: tuple[StageCount, ...]
    final: pl.DataFrame
    review: pl.DataFrame
    ledger: pl.DataFrame
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """What stages measured, by name: a parquet file each."""
    gate: Gate = EVERYTHING
    """The personal data that no file may hold."""


def write_version(folder: Path, book: Book, identity: Identity) -> Manifest:
    """Writes everything but the manifest into `folder` and gives the manifest.

    Raises GateError when a file that is about to be published holds personal data.
    """
    is_exam = pl.col("tags").list.contains("exam")
    training, held_out = book.final.filter(~is_exam), book.final.filter(is_exam)
    train = write_shards(folder, "train", training)
    paper = exam_paper(held_out)
    exam = write_jsonl(folder / "exam.jsonl", paper)
    review = write_jsonl(folder / "review.jsonl", book.review.sort("id").to_dicts())
    book.ledger.write_parquet(folder / "ledger.parquet")
    content = _content_digest([folder / s.name for s in (*train, exam, review)])
    manifest = Manifest(
        name=book.recipe.name,
        id=digest("version", book.recipe.book_digest(), [f.digest for f in book.inputs], content),
        recipe=book.recipe.book_digest(),
        seed=book.recipe.seed,
        identity=identity,
        inputs=book.inputs,
        records=book.records,
        stages=book.stages,
        shares=tuple(shares(book.final)),
        train_rows=training.height,
        exam_questions=dict(sorted(Counter(q["probe"] for q in paper).items())),
        shards=(*train, exam, review),
    )
    texts = _papers(folder, book.recipe, manifest)
    tables = [_described(folder / "ledger.parquet", book.ledger.height)]
    for name, table in book.tables.items():
        table.write_parquet(folder / f"{name}.parquet")
        tables.append(_described(folder / f"{name}.parquet", table.height))
    manifest = manifest.model_copy(update={"shards": (*manifest.shards, *tables, *texts)})
    scan_files(sorted(p for p in folder.iterdir() if p.is_file()), book.gate)
    (folder / "run.json").write_text(json.dumps(_circumstances(), indent=1), encoding="utf-8")
    return manifest


def _content_digest(paths: list[Path]) -> str:
    """One digest over all lines, wherever one shard ends and the next begins."""
    state = hashlib.blake2b(digest_size=SIZE)
    for path in paths:
        state.update(path.read_bytes())
    return state.hexdigest()


def _papers(folder: Path, recipe: Recipe, manifest: Manifest) -> list[Shard]:
    return [
        write_text(folder / "recipe.yaml", yaml.safe_dump(recipe.book(), allow_unicode=True, sort_keys=True)),
        write_text(folder / "README.md", card(manifest, recipe)),
        write_text(
            folder / "dataset_info.json", json.dumps(_dataset_info(manifest), indent=1, ensure_ascii=False) + "\n"
        ),
    ]


def _dataset_info(manifest: Manifest) -> dict[str, Any]:
    """The entries that LLaMA-Factory reads: one per shard, all in the layout of OpenAI messages."""
    layout = {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
            "system_tag": "system",
        },
    }
    names = [s.name for s in manifest.shards if s.name.startswith("train-")]
    keys = [manifest.name] if len(names) == 1 else [f"{manifest.name}-{n:05d}" for n in range(len(names))]
    return {key: {"file_name": name, **layout} for key, name in zip(keys, names, strict=True)}


def _described(path: Path, rows: int) -> Shard:
    return Shard(name=path.name, digest=digest_file(path), bytes=path.stat().st_size, rows=rows)


def _circumstances() -> dict[str, Any]:
    """When and with what the version was written: facts that are not part of its content."""
    return {
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: installed(name) for name in ("hornbook", *MATTERS)},
    }
