"""What nothing leads to: versions that no head, tag or descendant names, outputs that no build would use, remains."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.tombstones import replaced
from schemas.bilingual import Words
from schemas.errors import StoreError


@dataclass(frozen=True)
class Garbage:
    """A folder or file, why nothing leads to it, and its size in bytes (shared bytes count once for each name)."""

    path: Path
    why: Words
    bytes: int


def reachable(store: Store, name: str) -> set[str]:
    """The ids of the versions that the head or a tag names, of those they came from, and of those trained on."""
    runs = store.root / "runs" / name
    trained = [path.name for path in runs.iterdir() if path.is_dir()] if runs.is_dir() else []
    waiting = [id for id in (store.head(name), *store.tags(name).values(), *trained) if id]
    known: set[str] = set()
    gone = replaced(store, name)
    while waiting:
        id = waiting.pop()
        if id in known:
            continue
        known.add(id)
        with suppress(StoreError):
            waiting += [gone.get(parent, parent) for parent in read_manifest(store.version(name, id)).parents]
    return known


def garbage(store: Store, name: str, remembered: str) -> list[Garbage]:
    """What could go from a book. `remembered` is the file in its cache that the newest build left."""
    known = reachable(store, name)
    lost = [store.version(name, id) for id in store.versions(name) if id not in known]
    cache = store.cache(name)
    used: set[str] = set()
    with suppress(OSError, ValueError, KeyError):
        used = set(json.loads((cache / remembered).read_bytes())["keys"])
    outputs = sorted(p for p in cache.iterdir() if p.is_dir() and p.name not in used) if cache.is_dir() else []
    return [
        *(Garbage(p, Words("a writer died", "写入者中途退出"), _size(p)) for p in store.stale(name)),
        *(Garbage(p, Words("no head, tag or later version names it", "没有被引用"), _size(p)) for p in lost),
        *(Garbage(p, Words("the newest build did not use it", "最新构建未使用"), _size(p)) for p in outputs),
    ]


def collect(store: Store, name: str, remembered: str) -> list[Garbage]:
    """Removes it, under the lock of the book."""
    with store.locked(name):
        gone = garbage(store, name, remembered)
        for thing in gone:
            store.disk.remove(thing.path)
    return gone


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
