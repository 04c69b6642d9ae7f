"""Exports a version: its training rows in an outside layout, with the papers that make a data set of them."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import yaml

import curate.publish.export_formats
from curate.privacy.release_gate import scan_files
from curate.publish.croissant import croissant
from curate.publish.dataset_card import export_card
from curate.publish.export_formats import Layout
from curate.publish.licences import check_use, licence_text, notice_text
from curate.stages.mask import gate_of
from curate.store.read_version import read_recipe
from curate.store.shards import ROWS
from curate.store.verify import verify
from curate.system.disk import held, replace_durably
from schemas.catalog import Catalog
from schemas.digest import SIZE, canonical
from schemas.errors import GateError, InputError
from schemas.frame import SCHEMA
from schemas.identity import Identity
from schemas.manifest import Manifest
from schemas.recipe import Recipe
from schemas.suggestions import meant
from schemas.version_files import CARD, DATASET_INFO, RECIPE, shard_name, shard_names

LAYOUTS = Catalog(curate.publish.export_formats, Layout)
EXPORTING = "-exporting-"
TOLD = 5
"""Records that an error names."""


def export_version(version: Path, target: Path, name: str, use: str = "") -> dict[str, Any]:
    """Writes the training rows of a version into the new folder `target`, whole or not at all; tells what is there.

    `use` overrides that of the recipe. Raises InputError for an unknown layout or a folder with something in it,
    StoreError when the version is damaged, GateError when an input may not be used so, when a conversation does not
    fit into the layout, or when personal data is found in what was written.
    """
    layout = _layout(name)
    _check_free(target)
    manifest = verify(version)
    recipe = read_recipe(version)
    recipe = recipe.model_copy(update={"use": use}) if use else recipe
    check_use(recipe)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _aside(target) as staging:
        files, content = _data(version, manifest, staging, layout)
        _papers(staging, manifest, recipe, layout, files)
        paths = sorted(staging.iterdir())
        scan_files(paths, gate_of(recipe, manifest.identity or Identity()))
        for path in [*paths, staging]:
            _sync(path)
        if target.is_dir():
            target.rmdir()  # it is empty
        staging.rename(target)
        _sync(target.parent)
    return {
        "version": manifest.id,
        "path": str(target),
        "layout": name,
        "rows": manifest.train_rows,
        "content": content,
        "files": [path.name for path in paths],
    }


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target, held while it is written. What killed exports to there left is swept away."""
    start = f".{target.name}{EXPORTING}"
    for left in sorted(p for p in target.parent.iterdir() if p.name.startswith(start) and p.is_dir()):
        if (handle := held(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(handle)
    staging = target.with_name(f"{start}{os.getpid()}")
    staging.mkdir()
    handle = held(staging)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def _layout(name: str) -> Layout:
    if name not in LAYOUTS.names():
        hint = meant(name, LAYOUTS.names())
        raise InputError(f"unknown layout '{name}'; {hint.en}", f"未知的导出格式“{name}”；{hint.zh}")
    return LAYOUTS.load(name)()


def _check_free(target: Path) -> None:
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise InputError(
            f"{target} is there already; name a folder that is new or empty", f"{target} 已存在；请指定新的或空的目录"
        )


def training_rows(version: Path, manifest: Manifest) -> pl.DataFrame:
    shards = [version / s.name for s in manifest.trained_on() if s.rows]
    frames = (pl.read_ndjson(shard, schema=SCHEMA) for shard in shards)
    return pl.concat([pl.DataFrame(schema=SCHEMA), *frames]).sort("id")


def content_digest(records: pl.DataFrame) -> str:
    """What a round trip must keep: the digest of the lines that the records are in a version, in the order of ids."""
    state = hashlib.blake2b(digest_size=SIZE)
    for record in records.sort("id").iter_rows(named=True):
        state.update(f"{canonical(record)}\n".encode())
    return state.hexdigest()


def read_export(folder: Path, name: str) -> pl.DataFrame:
    """The records of an export, with SCHEMA, by id."""
    layout = _layout(name)
    frames = [layout.read(path) for path in sorted(folder.glob(shard_names(layout.suffix)))]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *frames]).sort("id")


def _data(version: Path, manifest: Manifest, folder: Path, layout: Layout) -> tuple[dict[str, tuple[int, str]], str]:
    """Writes the data files; gives size and sha256 by name, and the digest of the content. Each is read back once."""
    records = training_rows(version, manifest)
    files: dict[str, tuple[int, str]] = {}
    for number, start in enumerate(range(0, max(records.height, 1), ROWS)):
        part = records.slice(start, ROWS)
        path = folder / shard_name(number, suffix=layout.suffix)
        write_whole(layout, part, path)
        with path.open("rb") as file:
            files[path.name] = (path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    return files, content_digest(records)


def write_whole(layout: Layout, written: pl.DataFrame, path: Path) -> None:
    """Writes records, by id, and reads them back. Raises GateError naming those that are not as they were."""
    layout.write(written, path)
    found = layout.read(path)
    if found.equals(written):
        return
    same = written.join(found, on=written.columns, how="semi", nulls_equal=True)
    lost = written.join(same, on="id", how="anti")["id"].to_list()
    named = ", ".join(id[:12] for id in lost[:TOLD]) + (", …" if len(lost) > TOLD else "")
    raise GateError(
        f"{len(lost)} conversations do not fit into this layout without loss: {named}; export them as "
        "messages or parquet, or drop them with a rule such as role_order",
        f"有 {len(lost)} 段对话无法无损地写成这种格式：{named}；请导出为 messages 或 parquet，"
        "或用 role_order 等规则去掉",
    )


def _papers(
    folder: Path, manifest: Manifest, recipe: Recipe, layout: Layout, files: dict[str, tuple[int, str]]
) -> None:
    papers = {
        CARD: export_card(manifest, recipe, layout),
        "LICENSE": licence_text(recipe),
        "NOTICE": notice_text(recipe),
        RECIPE: yaml.safe_dump(recipe.book(), allow_unicode=True, sort_keys=True),
        "croissant.json": _json(croissant(manifest, recipe, layout, files)),
    }
    if layout.factory is not None:
        papers[DATASET_INFO] = _json(_dataset_info(manifest.name, layout.factory, list(files)))
    for name, text in papers.items():
        replace_durably(folder / name, text.encode("utf-8"))


def _dataset_info(name: str, entry: dict[str, Any], files: list[str]) -> dict[str, Any]:
    """What LLaMA-Factory reads: an entry for each file, under the name of the book."""
    keys = [name] if len(files) == 1 else [f"{name}-{number:05d}" for number in range(len(files))]
    return {key: {"file_name": file, **entry} for key, file in zip(keys, files, strict=True)}


def _sync(path: Path) -> None:
    """Flushes a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
