"""Exports a version: its training rows, or pairs of answers that people preferred, in a format that others read, with
the papers that make a data set of them.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import yaml

import curate.publish.export_formats
from curate.privacy.release_gate import Gate, scan_files, scan_table
from curate.publish.croissant import croissant
from curate.publish.dataset_card import export_card, pairs_card
from curate.publish.export_formats import ExportFormat
from curate.publish.licences import check_use, licence_text, notice_text
from curate.publish.reading_rows import about, joined, reading_rows
from curate.stages.mask import gate_of
from curate.store.read_version import read_recipe
from curate.store.shards import ROWS
from curate.store.verify import verify
from curate.system import interrupts
from curate.system.disk import DISK, lock_folder, replace_durably
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.digest import SIZE, canonical
from schemas.errors import GateError, InputError
from schemas.frame import SCHEMA
from schemas.identity import Identity
from schemas.manifest import Manifest
from schemas.preferences import PREFERENCES
from schemas.reading_rows import READING
from schemas.recipe import Recipe
from schemas.suggestions import suggestion
from schemas.version_files import CARD, DATASET_INFO, RECIPE, shard_name, shard_names

EXPORT_FORMATS = Catalog(curate.publish.export_formats, ExportFormat)
EXPORTING = "-exporting-"
NAMED_IN_ERRORS = 5
"""Records that an error names."""


class ExportedData(NamedTuple):
    """The data of an export: its rows, the digest of their content, and size and sha256 of its files by name."""

    rows: pl.DataFrame
    content: str
    files: dict[str, tuple[int, str]]


def export_version(
    version: Path, target: Path, name: str, use: str = "", pairs: pl.DataFrame | None = None
) -> dict[str, Any]:
    """Write the training rows of a version into the new folder `target`, whole or not at all; say what is there.

    `name` is that of the export format, `use` overrides that of the recipe, and `pairs` are written in the place of the
    training rows where the format is one of pairs. A format for readers holds exam and review, too.

    Raises InputError for an unknown format or a folder with something in it, StoreError when the version is damaged,
    GateError when an input may not be used so, when a conversation does not fit into the format, when there is no pair,
    or when personal data is found in what was written.
    """
    export_format = export_format_of(name)
    check_free(target)
    manifest = verify(version)
    recipe = read_recipe(version)
    recipe = recipe.model_copy(update={"use": use}) if use else recipe
    check_use(recipe)
    rows = _rows_for(export_format, version, manifest, pairs)
    export_format = export_format.about_version(about(manifest, recipe))

    target.parent.mkdir(parents=True, exist_ok=True)
    with interrupts.explained(lambda: _interrupted(target)), _aside(target) as staging:
        written = _write_data(rows, staging, export_format, manifest)
        _write_papers(staging, manifest, recipe, export_format, written)

        # What is on the disk now is what will be there: it is scanned, flushed, and gets its name in one step.
        paths = sorted(staging.iterdir())
        _scan(paths, written, export_format, gate_of(recipe, manifest.identity or Identity()))
        for path in [*paths, staging]:
            DISK.sync(path)
        if target.is_dir():
            target.rmdir()  # it is empty
        staging.rename(target)
        DISK.sync(target.parent)
    return {
        "version": manifest.id,
        "path": str(target),
        "layout": name,
        "rows": rows.height,
        "content": written.content,
        "files": [path.name for path in paths],
    }


def _interrupted(target: Path) -> Bilingual | None:
    """Say what an interrupt has left of an export; None where it had got its name."""
    if target.is_dir() and any(target.iterdir()):
        interrupts.remember_finished(Bilingual(f"the export in {target}", f"{target} 中的导出结果"))
        return None
    return Bilingual(
        f"interrupted while exporting; nothing was written into {target}", f"导出被中断；没有向 {target} 写入任何内容"
    )


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """Yield a hidden folder beside the target, locked while it is written; remove those of killed exports."""
    start = f".{target.name}{EXPORTING}"
    for leftover in sorted(p for p in target.parent.iterdir() if p.name.startswith(start) and p.is_dir()):
        if (handle := lock_folder(leftover)) is not None:
            shutil.rmtree(leftover, ignore_errors=True)
            os.close(handle)
    staging = target.with_name(f"{start}{os.getpid()}")
    staging.mkdir()
    handle = lock_folder(staging)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def export_format_of(name: str) -> ExportFormat:
    """Find the format of that name. Raises InputError with what was probably meant."""
    if name not in EXPORT_FORMATS.names():
        hint = suggestion(name, EXPORT_FORMATS.names())
        raise InputError(f"unknown export format '{name}'; {hint.en}", f"未知的导出格式“{name}”；{hint.zh}")
    return EXPORT_FORMATS.load(name)()


def check_free(target: Path) -> None:
    """Raise InputError for a folder with something in it."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise InputError(
            f"{target} is there already; name a folder that is new or empty", f"{target} 已存在；请指定新的或空的目录"
        )


def training_rows(version: Path, manifest: Manifest) -> pl.DataFrame:
    """Read the training records of a version, with SCHEMA, by id."""
    shards = [version / s.name for s in manifest.trained_on() if s.rows]
    frames = (pl.read_ndjson(shard, schema=SCHEMA) for shard in shards)
    return pl.concat([pl.DataFrame(schema=SCHEMA), *frames]).sort("id")


def content_digest(records: pl.DataFrame) -> str:
    """Digest the lines that the records are in a version, in the order of ids: a round trip must keep it."""
    state = hashlib.blake2b(digest_size=SIZE)
    for record in records.sort("id").iter_rows(named=True):
        state.update(f"{canonical(record)}\n".encode())
    return state.hexdigest()


def read_export(folder: Path, name: str) -> pl.DataFrame:
    """Read the rows of an export, by id; those of one that people read as they stand there."""
    export_format = export_format_of(name)
    pattern = f"*{export_format.suffix}" if export_format.stands_alone else shard_names(export_format.suffix)
    frames = [export_format.read(path) for path in sorted(folder.glob(pattern))]
    if export_format.stands_alone:
        return pl.concat([pl.DataFrame(schema=export_format.columns), *frames])
    return pl.concat([pl.DataFrame(schema=export_format.columns), *frames]).sort("id")


def _rows_for(
    export_format: ExportFormat, version: Path, manifest: Manifest, pairs: pl.DataFrame | None
) -> pl.DataFrame:
    """Give what the format writes: training records, all that people read of a version, or pairs."""
    if export_format.columns == PREFERENCES:
        return _checked(pairs)
    records = training_rows(version, manifest)
    return reading_rows(version, records) if export_format.columns == READING else records


def _scan(paths: Sequence[Path], data: ExportedData, export_format: ExportFormat, gate: Gate) -> None:
    """Raise GateError for personal data in any file; of one whose bytes are packed, in the rows that it was read as."""
    if export_format.columns != READING:
        scan_files(paths, gate)
        return
    scan_files([path for path in paths if path.name not in data.files], gate)
    for name in data.files:
        scan_table(name, joined(data.rows), gate)


def _checked(pairs: pl.DataFrame | None) -> pl.DataFrame:
    if pairs is None or pairs.is_empty():
        raise GateError("there is no pair of answers to export", "没有可以导出的偏好对")
    return pairs


def _write_data(rows: pl.DataFrame, folder: Path, export_format: ExportFormat, manifest: Manifest) -> ExportedData:
    """Write the data files. Each is read back once."""
    files: dict[str, tuple[int, str]] = {}
    for name, shard in _data_files(rows, export_format, manifest):
        path = folder / name
        write_and_compare(export_format, shard, path)
        with path.open("rb") as file:
            files[path.name] = (path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    return ExportedData(rows, content_digest(rows), files)


def _data_files(
    rows: pl.DataFrame, export_format: ExportFormat, manifest: Manifest
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Divide rows into files, each with its name: that of the version, where one file holds all of it."""
    if export_format.stands_alone:
        yield f"{manifest.name}-{manifest.id[:12]}{export_format.suffix}", rows
        return
    for number, start in enumerate(range(0, max(rows.height, 1), ROWS)):
        yield shard_name(number, suffix=export_format.suffix), rows.slice(start, ROWS)


def write_and_compare(export_format: ExportFormat, records: pl.DataFrame, path: Path) -> None:
    """Write records, by id, and read them back. Raises GateError naming those that are not as they were."""
    export_format.write(records, path)
    read_back = export_format.read(path)
    if read_back.equals(records):
        return

    same = records.join(read_back, on=records.columns, how="semi", nulls_equal=True)
    lost = records.join(same, on="id", how="anti")["id"].to_list()
    ids = ", ".join(id[:12] for id in lost[:NAMED_IN_ERRORS]) + (", …" if len(lost) > NAMED_IN_ERRORS else "")
    raise GateError(
        f"{len(lost)} conversations do not fit into this format without loss: {ids}; export them as "
        "messages or parquet, or drop them with a rule such as role_order",
        f"有 {len(lost)} 段对话无法无损地写成这种格式：{ids}；请导出为 messages 或 parquet，或用 role_order 等规则去掉",
    )


def _write_papers(
    folder: Path, manifest: Manifest, recipe: Recipe, export_format: ExportFormat, data: ExportedData
) -> None:
    """Write the card, the licences, the recipe, and what dataset pages and LLaMA-Factory read."""
    papers = {
        CARD: pairs_card(manifest, recipe, export_format, data.rows)
        if export_format.columns == PREFERENCES
        else export_card(manifest, recipe, export_format),
        "LICENSE": licence_text(recipe),
        "NOTICE": notice_text(recipe),
        RECIPE: yaml.safe_dump(recipe.canonical(), allow_unicode=True, sort_keys=True),
    }
    if not export_format.stands_alone:
        papers["croissant.json"] = _json(croissant(manifest, recipe, export_format, data.files, data.rows.height))
    if export_format.llama_factory is not None:
        papers[DATASET_INFO] = _json(_dataset_info(manifest.name, export_format.llama_factory, list(data.files)))
    for name, text in papers.items():
        replace_durably(folder / name, text.encode("utf-8"))


def _dataset_info(name: str, entry: dict[str, Any], files: list[str]) -> dict[str, Any]:
    """Write what LLaMA-Factory reads: an entry for each file, under the name of the dataset."""
    keys = [name] if len(files) == 1 else [f"{name}-{number:05d}" for number in range(len(files))]
    return {key: {"file_name": file, **entry} for key, file in zip(keys, files, strict=True)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
