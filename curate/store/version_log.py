"""The versions of datasets in the order in which they were written: `hornbook log`."""

import json
from collections.abc import Iterable

from curate.store.read_version import read_manifest
from curate.store.store import Store
from schemas.record import Frozen
from schemas.version_files import VersionFiles


class LoggedVersion(Frozen):
    """One version in the log. `written` is empty where the time was not kept; `head`: the newest one."""

    name: str
    id: str
    written: str
    train_rows: int
    parents: tuple[str, ...]
    head: bool
    tags: tuple[str, ...]


def log_of(store: Store, names: Iterable[str]) -> list[LoggedVersion]:
    """List all versions of these datasets, newest first."""
    lines = [logged_version(store, name, id) for name in names for id in store.versions(name)]
    return sorted(lines, key=lambda line: (line.written, line.id), reverse=True)


def logged_version(store: Store, name: str, id: str) -> LoggedVersion:
    """Describe one version as the log does."""
    folder = store.version(name, id)
    run = VersionFiles(folder).run
    manifest = read_manifest(folder)
    return LoggedVersion(
        name=name,
        id=id,
        written=json.loads(run.read_bytes())["written"] if run.is_file() else "",
        train_rows=manifest.train_rows,
        parents=manifest.parents,
        head=store.head(name) == id,
        tags=tuple(tag for tag, tagged in store.tags(name).items() if tagged == id),
    )
