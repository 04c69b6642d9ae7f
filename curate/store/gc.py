"""Garbage: versions that no head, tag or descendant names, outputs that no build would use, remains of dead writers."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.tombstones import replacements
from schemas.bilingual import Bilingual
from schemas.errors import StoreError


@dataclass(frozen=True)
class Garbage:
    """A folder or file, why nothing leads to it, and its size in bytes (shared bytes count once for each name)."""

    path: Path
    why: Bilingual
    bytes: int


def reachable(store: Store, name: str) -> set[str]:
    """Find the ids of the versions that the head or a tag names, of their ancestors, and of those trained on."""
    runs = store.root / "runs" / name
    trained = [path.name for path in runs.iterdir() if path.is_dir()] if runs.is_dir() else []
    waiting = [id for id in (store.head(name), *store.tags(name).values(), *trained) if id]

    reached: set[str] = set()
    replaced = replacements(store, name)
    while waiting:
        id = waiting.pop()
        if id in reached:
            continue
        reached.add(id)
        with suppress(StoreError):
            waiting += [replaced.get(parent, parent) for parent in read_manifest(store.version(name, id)).parents]
    return reached


def find_garbage(store: Store, name: str, plan: str) -> list[Garbage]:
    """Find what could go from a dataset. `plan` names the file in its cache that the newest build left."""
    reached = reachable(store, name)
    unreachable = [store.version(name, id) for id in store.versions(name) if id not in reached]

    cache = store.cache(name)
    used: set[str] = set()
    with suppress(OSError, ValueError, KeyError):
        used = set(json.loads((cache / plan).read_bytes())["keys"])
    unused = sorted(p for p in cache.iterdir() if p.is_dir() and p.name not in used) if cache.is_dir() else []

    return [
        *(Garbage(p, Bilingual("a writer died", "写入者中途退出"), _size(p)) for p in store.stale(name)),
        *(Garbage(p, Bilingual("no head, tag or later version names it", "没有被引用"), _size(p)) for p in unreachable),
        *(Garbage(p, Bilingual("the newest build did not use it", "最新构建未使用"), _size(p)) for p in unused),
    ]


def collect_garbage(store: Store, name: str, plan: str) -> list[Garbage]:
    """Remove what `find_garbage` finds, under the lock of the dataset, and return what it was."""
    with store.locked(name):
        garbage = find_garbage(store, name, plan)
        for item in garbage:
            store.disk.remove(item.path)
    return garbage


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
