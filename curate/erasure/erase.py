"""Forgets a person: every version, cache and report without the rows, in an order that a crash cannot undo.

1. A tombstone is written: from now on no build brings the rows back.
2. Every version that holds one of the records is written once more without them.
3. HEAD and tags lead to the new versions; the old ones go, then caches, reports and quarantined rows.
4. The tombstone is closed. Whoever finds one open begins at 2 again: each step may be done twice.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.conversations.rewordings import read_rewordings
from curate.conversations.scores import read_scores
from curate.erasure.conditions import Condition, RowRanges, Value, rows_of_values
from curate.erasure.forgotten import Forgotten, begin
from curate.erasure.rewrite import rewrite_version
from curate.ledger import final_states
from curate.store.line_search import ids_of
from curate.store.read_version import read_manifest, read_recipe
from curate.store.shards import read_jsonl
from curate.store.store import STAGING, Store
from curate.store.tombstones import (
    FORGOTTEN,
    ForgottenRows,
    Tombstone,
    key_of,
    last_replacement,
    replacements,
    save_tombstone,
    tombstones,
)
from curate.system import interrupts
from curate.system.disk import replace_durably, replace_privately
from schemas.bilingual import Bilingual
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.input import file_and_sheet
from schemas.manifest import Manifest
from schemas.rewordings import REWORD
from schemas.run_files import RunFiles
from schemas.version_files import MANIFEST, VersionFiles, holds_records

HAS_PARENT = b'"parent":"'
"""In the line of a record that was made from another."""
RowsByFile = dict[tuple[str, str], set[int]]
"""Row numbers by the path of a raw file in the recipe and the digest of its bytes."""


@dataclass(frozen=True)
class ErasureTarget:
    """What a request is about, before anything is touched."""

    rows: tuple[ForgottenRows, ...]
    ids: tuple[str, ...]
    versions: tuple[str, ...]
    unsearched: tuple[str, ...] = ()
    """Raw files that some version was built from and that are not here as they were."""


@dataclass(frozen=True)
class _Dataset:
    """All versions of a dataset: their manifests by id."""

    store: Store
    name: str
    manifests: dict[str, Manifest]

    @classmethod
    def of(cls, store: Store, name: str) -> "_Dataset":
        return cls(store, name, {id: read_manifest(store.version(name, id)) for id in store.versions(name)})

    def versions(self) -> Iterator[tuple[Path, Manifest]]:
        """List the folders of the versions with their manifests."""
        return ((self.store.version(self.name, id), manifest) for id, manifest in self.manifests.items())


def find_targets(
    store: Store, name: str, conditions: Sequence[Condition], raw: Path, *, missing: bool = False
) -> ErasureTarget:
    """Find the rows, records and versions of a dataset that the conditions mean. `raw` is where its raw files lie.

    Raises InputError when a raw file that must be searched is not as it was, unless `missing` allows it, or when a
    condition names a file that no version was built from.
    """
    dataset = _Dataset.of(store, name)
    ranges = [condition for condition in conditions if isinstance(condition, RowRanges)]
    values = [condition for condition in conditions if isinstance(condition, Value)]

    # 1. the raw rows
    rows = _rows_in_ranges(dataset, ranges)
    with_values, unsearched = _rows_with_values(dataset, values, raw) if values else ({}, [])
    for key, numbers in with_values.items():
        rows.setdefault(key, set()).update(numbers)
    if unsearched and not missing:
        raise InputError(
            f"these raw files are not under {raw} as they were when a version was made of them: "
            f"{', '.join(unsearched)}; say where they are with --raw, or leave them out with --allow-missing",
            f"以下原始文件不在 {raw} 下或已改变：{'、'.join(unsearched)}；请用 --raw 指明位置，"
            "或用 --allow-missing 跳过",
        )

    # 2. the records that were made from them, and the versions that hold one
    ids = _records_from_rows(dataset, rows) | _records_with_values(dataset, values)
    ids |= _rewordings(dataset, ids)
    holders = tuple(version.name for version, manifest in dataset.versions() if ids & _all_ids(version, manifest))
    forgotten = tuple(
        ForgottenRows(file=file, digest=digest, rows=tuple(sorted(numbers)))
        for (file, digest), numbers in sorted(rows.items())
        if numbers
    )
    return ErasureTarget(forgotten, tuple(sorted(ids)), holders, tuple(unsearched))


def _rows_in_ranges(dataset: _Dataset, ranges: Sequence[RowRanges]) -> RowsByFile:
    """Collect the rows that are named by number: of the file as the newest version has it, or of the only one."""
    rows: RowsByFile = {}
    newest = dataset.manifests.get(dataset.store.head(dataset.name) or "")
    for wanted in ranges:
        now = [(f.path, f.digest) for f in newest.inputs if f.path == wanted.file] if newest else []
        ever = {(f.path, f.digest) for m in dataset.manifests.values() for f in m.inputs if f.path == wanted.file}
        keys = now or (list(ever) if len(ever) == 1 else [])
        if not keys:
            raise InputError(
                f"no version of {dataset.name} was made of the file '{wanted.file}'; write it as the recipe does",
                f"{dataset.name} 的版本中没有文件“{wanted.file}”；请按配方中的写法",
            )
        for first, last in wanted.ranges:
            rows.setdefault(keys[0], set()).update(range(first, last + 1))
    return rows


def _rows_with_values(dataset: _Dataset, values: Sequence[Value], raw: Path) -> tuple[RowsByFile, list[str]]:
    """Search every raw file of every version: masked versions do not hold the values.

    Returns the rows, and the files that are not here as they were.
    """
    rows: RowsByFile = {}
    unsearched: list[str] = []
    for version, manifest in dataset.versions():
        specs = read_recipe(version).inputs
        for file in manifest.inputs:
            key, path = (file.path, file.digest), raw / file.path
            if key in rows:
                continue
            book, _ = file_and_sheet(path)
            if book.is_file() and digest_file(book) == file.digest:
                rows[key] = rows_of_values(next(s for s in specs if s.reads(file.path)), path, values)
            elif file.path not in unsearched:
                unsearched.append(file.path)
    return rows, unsearched


def _records_from_rows(dataset: _Dataset, rows: RowsByFile) -> set[str]:
    """Find the records that were formed from these rows, except those that are forgotten already."""
    ids: set[str] = set()
    for version, manifest in dataset.versions():
        inputs = [(f.path, rows[f.path, f.digest]) for f in manifest.inputs if rows.get((f.path, f.digest))]
        if not inputs:
            continue
        ledger = pl.scan_parquet(VersionFiles(version).ledger)
        formed = ledger.filter((pl.col("stage") == "session") & pl.col("id").is_not_null()).collect()
        forgotten = final_states(ledger.filter(pl.col("reason") == FORGOTTEN).collect())["id"]
        for file, numbers in inputs:
            is_meant = (pl.col("file") == file) & pl.col("row").is_in(sorted(numbers))
            ids |= set(formed.filter(is_meant & ~pl.col("id").is_in(forgotten.implode()))["id"])
    return ids


def _records_with_values(dataset: _Dataset, values: Sequence[Value]) -> set[str]:
    """Find records whose text holds a value, as in a dataset that masks nothing."""
    if not values:
        return set()
    return {
        record["id"]
        for version, manifest in dataset.versions()
        for path in _record_files(version, manifest)
        for record in read_jsonl(path)
        if any(value.stands_in(message["content"]) for message in record["messages"] for value in values)
    }


def _rewordings(dataset: _Dataset, ids: set[str]) -> set[str]:
    """Find the records that were made from these, and from those in their turn."""
    parents = {
        record["id"]: record["parent"]
        for version, manifest in dataset.versions()
        for line in _lines(version, manifest)
        if HAS_PARENT in line
        for record in [json.loads(line)]
    }
    for version, manifest in dataset.versions():
        parents |= _refused_rewordings(version, manifest)
    descendants: set[str] = set()
    while more := {id for id, parent in parents.items() if parent in ids | descendants} - descendants - ids:
        descendants |= more
    return descendants


def _refused_rewordings(version: Path, manifest: Manifest) -> dict[str, str]:
    """Find the rewordings that a build did not take, with their parents: the ledger alone names them."""
    if not manifest.rewordings:
        return {}
    refused = (pl.col("stage") == REWORD) & (pl.col("verdict") == "dropped") & pl.col("twin").is_not_null()
    return dict(
        pl.scan_parquet(VersionFiles(version).ledger).filter(refused).select("id", "twin").collect().iter_rows()
    )


def _reworded(version: Path, manifest: Manifest) -> set[str]:
    """Collect the ids of the records that the version's copy of rewordings has in other words."""
    if not manifest.rewordings:
        return set()
    return {rewording.parent for rewording in read_rewordings(VersionFiles(version).rewordings).values()}


def _scored(version: Path, manifest: Manifest) -> set[str]:
    """Collect the ids of the records of which the version's copy of scores has one."""
    if not manifest.scores:
        return set()
    return {score.id for score in read_scores(VersionFiles(version).model_scores).values()}


def _record_files(version: Path, manifest: Manifest) -> Iterator[Path]:
    return (version / shard.name for shard in manifest.shards if holds_records(shard.name))


def _lines(version: Path, manifest: Manifest) -> Iterator[bytes]:
    for path in _record_files(version, manifest):
        with path.open("rb") as file:
            yield from file


def _all_ids(version: Path, manifest: Manifest) -> set[str]:
    """Collect the ids of all records in a version, of those that groups are named after, and of what was reworded or
    scored.
    """
    of_records = {id for line in _lines(version, manifest) for id in ids_of(line)}
    return of_records | _reworded(version, manifest) | _scored(version, manifest)


def forget(store: Store, name: str, target: ErasureTarget) -> Tombstone:
    """Take all four steps. Raises LockedError when another process writes to the dataset."""
    with interrupts.explained(lambda: _half_forgotten(store, name)), store.writing(name) as staging:
        path, stone = begin(store, name, target.rows, target.ids)
        return _finish(store, name, staging, path, stone)


def resume(store: Store, name: str) -> list[Tombstone]:
    """Finish what a crash left open."""
    if all(stone.state == "done" for _, stone in tombstones(store, name)):
        return []
    with interrupts.explained(lambda: _half_forgotten(store, name)), store.writing(name) as staging:
        opened = [(path, stone) for path, stone in tombstones(store, name) if stone.state == "begun"]
        return [_finish(store, name, staging, path, stone) for path, stone in opened]


def _half_forgotten(store: Store, name: str) -> Bilingual | None:
    """Say what an interrupt has left of an erasure; None where it had not begun, or had come to its end."""
    if all(stone.state == "done" for _, stone in tombstones(store, name)):
        return None
    return Bilingual(
        f"interrupted while forgetting in {name}; the same command, run again, finishes it",
        f"{name} 的遗忘操作被中断；再次运行同一条命令即可做完",
    )


def _finish(store: Store, name: str, staging: Path, path: Path, stone: Tombstone) -> Tombstone:
    """Take steps 2 to 4. A step that was done before a crash finds nothing to do."""
    forgotten = Forgotten(key_of(store, name), frozenset(stone.records))
    dataset = _Dataset.of(store, name)
    for id in _parents_first(dataset.manifests, replacements(store, name)):
        replacement = _replace(dataset, id, forgotten, staging)
        if replacement is not None:
            stone = stone.model_copy(update={"versions": {**stone.versions, id: replacement.name}})
            save_tombstone(path, stone)

    _move_names(store, name, stone)
    for id in stone.versions:
        _remove(store.version(name, id))
    _clear_copies(store, name, stone)

    adapters = tuple(sorted(_adapters(store, name, stone)))
    stone = stone.model_copy(update={"state": "done", "adapters": adapters})
    save_tombstone(path, stone)
    return stone


def _replace(dataset: _Dataset, id: str, forgotten: Forgotten, staging: Path) -> Path | None:
    """Publish a version once more without the forgotten records; None where it holds none of them."""
    store, name, manifest = dataset.store, dataset.name, dataset.manifests[id]
    version = store.version(name, id)
    held = forgotten.among(sorted(_all_ids(version, manifest)))
    if not held:
        return None

    # A version that is published names the head as its parent: that must be what replaces the parent of the old one,
    # and nothing for the first of all.
    (store.dataset(name) / "HEAD").unlink(missing_ok=True)
    for parent in manifest.parents:
        _point(store, name, last_replacement(replacements(store, name), parent))
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()

    # The ledger also names records that the version does not hold, those that were dropped.
    in_ledger = pl.scan_parquet(VersionFiles(version).ledger).select(pl.col("id").drop_nulls().unique()).collect()
    ids = sorted({*held, *forgotten.among(in_ledger["id"])})
    return store.publish(staging, rewrite_version(version, manifest, ids, staging))


def _parents_first(manifests: dict[str, Manifest], replaced: dict[str, str]) -> list[str]:
    """Order the ids so that every version comes after those it came from, or their replacements."""
    ordered: list[str] = []
    waiting = sorted(manifests)
    while waiting:
        parents = {id: {last_replacement(replaced, parent) for parent in manifests[id].parents} for id in waiting}
        ready = [id for id in waiting if not parents[id] & set(waiting) - {id}]
        ordered += ready or waiting  # all at once where they lead in a circle
        waiting = [id for id in waiting if id not in ordered]
    return ordered


def _move_names(store: Store, name: str, stone: Tombstone) -> None:
    """Let HEAD and tags that name a replaced version name its replacement; a HEAD that stays is HEAD again."""
    if stone.head is not None:
        _point(store, name, last_replacement(stone.versions, stone.head))
    tags = store.dataset(name) / "tags"
    for tag in sorted(tags.glob("[!.]*")) if tags.is_dir() else []:
        id = tag.read_text(encoding="ascii").strip()
        if id in stone.versions:
            replace_durably(tag, f"{last_replacement(stone.versions, id)}\n".encode("ascii"))


def _point(store: Store, name: str, id: str) -> None:
    """Make a version the head, if it is there."""
    if (store.version(name, id) / MANIFEST).is_file():
        replace_durably(store.dataset(name) / "HEAD", f"{id}\n".encode("ascii"))


def _remove(version: Path) -> None:
    """Hide a version in one step, and then delete it: the next writer sweeps away what a crash leaves of it."""
    if version.is_dir():
        hidden = version.with_name(f"{STAGING}{FORGOTTEN}-{version.name}")
        version.rename(hidden)
        shutil.rmtree(hidden)


def _clear_copies(store: Store, name: str, stone: Tombstone) -> None:
    """Remove copies outside of versions: outputs that stages cached, rows nobody could read, what models answered, and
    of runs the pages that show rows, and the exam papers that hold some.
    """
    shutil.rmtree(store.cache(name), ignore_errors=True)
    shutil.rmtree(store.base_answers(name), ignore_errors=True)
    shutil.rmtree(store.answers_read(name), ignore_errors=True)
    shutil.rmtree(store.model_answers(name), ignore_errors=True)
    for id in stone.versions:
        runs = store.root / "runs" / name / id
        for copy in sorted((*runs.glob("**/*.html"), *(RunFiles(run).exam_paper for run in runs.glob("*/")))):
            copy.unlink(missing_ok=True)
    path = store.quarantine(name)
    if path.is_file():
        meant = {(forgotten.file, row) for forgotten in stone.rows for row in forgotten.rows}
        lines = [(line, json.loads(line)) for line in path.read_bytes().splitlines(keepends=True)]
        kept = [line for line, row in lines if (row["file"], row["row"]) not in meant]
        if len(kept) < len(lines):
            replace_privately(path, b"".join(kept))


def _adapters(store: Store, name: str, stone: Tombstone) -> Iterator[str]:
    """List the runs that were trained on versions that were replaced, as paths from the store's folder."""
    for id in stone.versions:
        for run in sorted((store.root / "runs" / name / id).glob("*/")):
            if (run / "adapter").is_dir() or (run / "train.json").is_file():
                yield run.relative_to(store.root).as_posix()
