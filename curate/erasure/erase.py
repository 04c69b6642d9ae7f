"""Forgets a person: every version, cache and report without the rows, in an order that a crash cannot undo.

1. A tombstone is written: from now on no build brings the rows back.
2. Every version that holds one of the records is written once more without them.
3. HEAD and tags lead to the new versions; the old ones go, then caches, reports and quarantined rows.
4. The tombstone is closed. Whoever finds one open begins at 2 again: each step may be done twice.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.erasure.conditions import Condition, Places, Value, rows_of_values
from curate.erasure.forgotten import Forgotten, begin
from curate.erasure.rewrite import amend
from curate.ledger import final_states
from curate.store.line_search import names_of
from curate.store.read_version import read_manifest, read_recipe
from curate.store.shards import read_jsonl
from curate.store.store import STAGING, Store
from curate.store.tombstones import FORGOTTEN, ForgottenRows, Tombstone, key_of, latest, replaced, save, tombstones
from curate.system.disk import replace_durably
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.manifest import Manifest
from schemas.version_files import MANIFEST, VersionFiles, holds_records

REWORDED = b'"parent":"'
"""In the line of a record that was made from another."""


@dataclass(frozen=True)
class Found:
    """What a request is about, before anything is touched."""

    rows: tuple[ForgottenRows, ...]
    ids: tuple[str, ...]
    versions: tuple[str, ...]
    unsearched: tuple[str, ...] = ()
    """Raw files that some version was made of and that are not here as they were."""


def look(store: Store, name: str, conditions: Sequence[Condition], raw: Path, *, missing: bool = False) -> Found:
    """The rows, records and versions of a book that the conditions mean. `raw` is where its raw files lie.

    Raises InputError when a raw file that must be searched is not as it was, unless `missing` allows it, or when a
    place names a file that no version was made of.
    """
    versions = {id: read_manifest(store.version(name, id)) for id in store.versions(name)}
    rows = _rows_of_places(store, name, versions, [c for c in conditions if isinstance(c, Places)])
    values = [c for c in conditions if isinstance(c, Value)]
    unsearched: list[str] = []
    if values:
        for key, numbers in _rows_of_values(store, name, versions, values, raw, unsearched).items():
            rows.setdefault(key, set()).update(numbers)
    if unsearched and not missing:
        raise InputError(
            f"these raw files are not under {raw} as they were when a version was made of them: "
            f"{', '.join(unsearched)}; say where they are with --raw, or leave them out with --allow-missing",
            f"以下原始文件不在 {raw} 下或已改变：{'、'.join(unsearched)}；请用 --raw 指明位置，"
            "或用 --allow-missing 跳过",
        )
    ids = _ids(store, name, versions, rows) | _ids_of_values(store, name, versions, values)
    ids |= _reworded(store, name, versions, ids)
    held = tuple(id for id, manifest in versions.items() if ids & _known(store.version(name, id), manifest))
    told = tuple(
        ForgottenRows(file=file, digest=digest, rows=tuple(sorted(numbers)))
        for (file, digest), numbers in sorted(rows.items())
        if numbers
    )
    return Found(told, tuple(sorted(ids)), held, tuple(unsearched))


def _rows_of_places(
    store: Store, name: str, versions: dict[str, Manifest], places: Sequence[Places]
) -> dict[tuple[str, str], set[int]]:
    """Rows by file and digest. A place means the file as the newest version knows it, or the only one that is known."""
    rows: dict[tuple[str, str], set[int]] = {}
    newest = versions.get(store.head(name) or "")
    for place in places:
        known = {(f.path, f.digest): f.rows for m in versions.values() for f in m.inputs if f.path == place.file}
        now = [(f.path, f.digest) for f in newest.inputs if f.path == place.file] if newest else []
        keys = now or (list(known) if len(known) == 1 else [])
        if not keys:
            raise InputError(
                f"no version of {name} was made of the file '{place.file}'; write it as the recipe does",
                f"{name} 的版本中没有文件“{place.file}”；请按配方中的写法",
            )
        for first, last in place.ranges:
            rows.setdefault(keys[0], set()).update(range(first, last + 1))
    return rows


def _rows_of_values(  # noqa: PLR0913 - the list collects what could not be searched
    store: Store,
    name: str,
    versions: dict[str, Manifest],
    values: Sequence[Value],
    raw: Path,
    unsearched: list[str],
) -> dict[tuple[str, str], set[int]]:
    """Every raw file of every version is read once more: masked versions do not hold the value."""
    rows: dict[tuple[str, str], set[int]] = {}
    for id, manifest in versions.items():
        specs = {spec.path: spec for spec in read_recipe(store.version(name, id)).inputs}
        for file in manifest.inputs:
            key, path = (file.path, file.digest), raw / file.path
            if key in rows:
                continue
            if path.is_file() and digest_file(path) == file.digest:
                rows[key] = rows_of_values(specs[file.path], path, values)
            elif file.path not in unsearched:
                unsearched.append(file.path)
    return rows


def _ids(store: Store, name: str, versions: dict[str, Manifest], rows: dict[tuple[str, str], set[int]]) -> set[str]:
    """The records that the sessions made of these rows, but for those that are forgotten already."""
    ids: set[str] = set()
    for id, manifest in versions.items():
        here = [(f.path, rows[f.path, f.digest]) for f in manifest.inputs if rows.get((f.path, f.digest))]
        if not here:
            continue
        ledger = pl.scan_parquet(VersionFiles(store.version(name, id)).ledger)
        made = ledger.filter((pl.col("stage") == "session") & pl.col("id").is_not_null()).collect()
        done = final_states(ledger.filter(pl.col("reason") == FORGOTTEN).collect())["id"]
        for file, numbers in here:
            meant = (pl.col("file") == file) & pl.col("row").is_in(sorted(numbers))
            ids |= set(made.filter(meant & ~pl.col("id").is_in(done.implode()))["id"])
    return ids


def _ids_of_values(store: Store, name: str, versions: dict[str, Manifest], values: Sequence[Value]) -> set[str]:
    """Records whose text holds a value, as in a book that masks nothing."""
    if not values:
        return set()
    return {
        record["id"]
        for id, manifest in versions.items()
        for path in _record_files(store.version(name, id), manifest)
        for record in read_jsonl(path)
        if any(value.stands_in(message["content"]) for message in record["messages"] for value in values)
    }


def _reworded(store: Store, name: str, versions: dict[str, Manifest], ids: set[str]) -> set[str]:
    """Records made from the ones meant, and from those."""
    parents = {
        record["id"]: record["parent"]
        for id, manifest in versions.items()
        for line in _lines(store.version(name, id), manifest)
        if REWORDED in line
        for record in [json.loads(line)]
    }
    found: set[str] = set()
    while more := {id for id, parent in parents.items() if parent in ids | found} - found - ids:
        found |= more
    return found


def _record_files(version: Path, manifest: Manifest) -> Iterator[Path]:
    return (version / shard.name for shard in manifest.shards if holds_records(shard.name))


def _lines(version: Path, manifest: Manifest) -> Iterator[bytes]:
    for path in _record_files(version, manifest):
        with path.open("rb") as file:
            yield from file


def _known(version: Path, manifest: Manifest) -> set[str]:
    """Every record that a version holds, and every one that a group is named after."""
    return {id for line in _lines(version, manifest) for id in names_of(line)}


def forget(store: Store, name: str, found: Found) -> Tombstone:
    """Does it. Raises LockedError when another process writes to the book."""
    with store.writing(name) as staging:
        path, stone = begin(store, name, found.rows, found.ids)
        return _finish(store, name, staging, path, stone)


def resume(store: Store, name: str) -> list[Tombstone]:
    """Finishes what a crash left open."""
    if all(stone.state == "done" for _, stone in tombstones(store, name)):
        return []
    with store.writing(name) as staging:
        opened = [(path, stone) for path, stone in tombstones(store, name) if stone.state == "begun"]
        return [_finish(store, name, staging, path, stone) for path, stone in opened]


def _finish(store: Store, name: str, staging: Path, path: Path, stone: Tombstone) -> Tombstone:
    """Steps 2 to 4. What was done before a crash is found done."""
    forgotten = Forgotten(key_of(store, name), frozenset(stone.records))
    manifests = {id: read_manifest(store.version(name, id)) for id in store.versions(name)}
    for id in _parents_first(manifests, replaced(store, name)):
        version, manifest = store.version(name, id), manifests[id]
        gone = forgotten.among(sorted(_known(version, manifest)))
        if gone:
            # The head, when it is published, is what it came from; none for the first of all.
            (store.book(name) / "HEAD").unlink(missing_ok=True)
            for parent in manifest.parents:
                _point(store, name, latest(replaced(store, name), parent))
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            named = pl.scan_parquet(VersionFiles(version).ledger).select(pl.col("id").drop_nulls().unique()).collect()
            meant = sorted({*gone, *forgotten.among(named["id"])})
            amended = store.publish(staging, amend(version, manifest, meant, staging))
            stone = stone.model_copy(update={"versions": {**stone.versions, id: amended.name}})
            save(path, stone)
    _lead_on(store, name, stone)
    for id in stone.versions:
        _remove(store.version(name, id))
    _clear(store, name, stone)
    adapters = tuple(sorted(_adapters(store, name, stone)))
    stone = stone.model_copy(update={"state": "done", "adapters": adapters})
    save(path, stone)
    return stone


def _lead_on(store: Store, name: str, stone: Tombstone) -> None:
    """HEAD and tags of what is gone name what is in its place; a HEAD that stays is HEAD again."""
    book = store.book(name)
    if stone.head is not None:
        _point(store, name, latest(stone.versions, stone.head))
    for tag in sorted((book / "tags").glob("[!.]*")) if (book / "tags").is_dir() else []:
        id = tag.read_text(encoding="ascii").strip()
        if id in stone.versions:
            replace_durably(tag, f"{latest(stone.versions, id)}\n".encode("ascii"))


def _parents_first(manifests: dict[str, Manifest], gone: dict[str, str]) -> list[str]:
    """The ids in an order in which every version comes after those it came from, or what is in their place."""
    ordered: list[str] = []
    waiting = sorted(manifests)
    while waiting:
        ready = [id for id in waiting if not {latest(gone, p) for p in manifests[id].parents} & set(waiting) - {id}]
        ordered += ready or waiting
        waiting = [id for id in waiting if id not in ordered]
    return ordered


def _point(store: Store, name: str, id: str) -> None:
    if (store.version(name, id) / MANIFEST).is_file():
        replace_durably(store.book(name) / "HEAD", f"{id}\n".encode("ascii"))


def _remove(version: Path) -> None:
    """Out of sight in one step, and then gone: who dies between leaves what the next writer sweeps away."""
    if version.is_dir():
        hidden = version.with_name(f"{STAGING}{FORGOTTEN}-{version.name}")
        version.rename(hidden)
        shutil.rmtree(hidden)


def _clear(store: Store, name: str, stone: Tombstone) -> None:
    """Copies outside of versions: what stages kept for the next build, pages that show rows, rows nobody could read."""
    shutil.rmtree(store.cache(name), ignore_errors=True)
    for id in stone.versions:
        for page in sorted((store.root / "runs" / name / id).glob("**/*.html")):
            page.unlink()
    path = store.quarantine(name)
    if path.is_file():
        meant = {(part.file, row) for part in stone.rows for row in part.rows}
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if (json.loads(line)["file"], json.loads(line)["row"]) not in meant]
        if len(kept) < len(lines):
            mask = os.umask(0o077)
            try:
                replace_durably(path, b"".join(kept))
            finally:
                os.umask(mask)


def _adapters(store: Store, name: str, stone: Tombstone) -> Iterator[str]:
    """The runs that were trained on versions that are gone, as paths from the store's folder."""
    for id in stone.versions:
        for run in sorted((store.root / "runs" / name / id).glob("*/")):
            if (run / "adapter").is_dir() or (run / "train.json").is_file():
                yield run.relative_to(store.root).as_posix()
