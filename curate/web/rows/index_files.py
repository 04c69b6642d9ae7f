"""Keeps the indices of versions in the cache of their dataset: made when first needed, by one thread of one process.

    <root>/cache/<name>/page/<version>-<format>.parquet

A small version is indexed at once. A large one takes seconds: it is made beside, and who asks meanwhile is told so.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import polars as pl

from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.web.rows.loaded_index import RowIndex, as_words
from curate.web.rows.row_index import make_index
from schemas.errors import HornbookError

FORMAT = 1
"""Goes up with every change of what stands in an index."""
FOLDER = "page"
AT_ONCE = 30_000
"""Raw rows and records of a version up to which nobody is asked to wait."""
IN_MEMORY = 3
"""Indices that are held at once: about 120 MB for a million lines."""

_making: dict[Path, threading.Thread] = {}
_guard = threading.Lock()


def index_of(store: Store, version: Path, at_once: int = AT_ONCE) -> RowIndex | None:
    """Give the index of a version; None while one of more than `at_once` lines is being made."""
    path = store.cache(version.parent.name) / FOLDER / f"{version.name}-{FORMAT}.parquet"
    if path.is_file():
        return _loaded(path, version)
    if _lines_at_most(version) <= at_once:
        _make(path, version)
        return _loaded(path, version)
    with _guard:
        thread = _making.get(path)
        if thread is None:
            thread = _making[path] = threading.Thread(target=_make_beside, args=(path, version), daemon=True)
            thread.start()
        if thread.is_alive():
            return None
        del _making[path]
    _make(path, version)  # what went wrong beside goes wrong again, and is said
    return _loaded(path, version)


def _lines_at_most(version: Path) -> int:
    manifest = read_manifest(version)
    return sum(file.rows + file.bad for file in manifest.inputs) + sum(stage.added for stage in manifest.stages)


@lru_cache(maxsize=IN_MEMORY)
def _loaded(path: Path, version: Path) -> RowIndex:
    return RowIndex(version, pl.read_parquet(path))


def _make_beside(path: Path, version: Path) -> None:
    with suppress(HornbookError, OSError, pl.exceptions.PolarsError):
        _make(path, version)


def _make(path: Path, version: Path) -> None:
    """Make the index, unless another process has made it meanwhile."""
    with _alone(path):
        if not path.is_file():
            beside = path.with_suffix(f".{os.getpid()}")
            as_words(make_index(version)).write_parquet(beside, compression="lz4")
            beside.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the index of a version alone: another process or thread waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
