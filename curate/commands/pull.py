"""pull: a version from elsewhere into the store."""

from pathlib import Path

from curate.store.remote import pull
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress


def pull_command(wanted: str, url: str, root: Path, *, as_json: bool) -> None:
    """Copy the version from `url` into the store, and print where it lies."""
    with showing_progress() as progress:
        version = pull(wanted, url, Store(root), lambda name: progress(name, 0, 1))
    if as_json:
        emit({"version": version.name, "path": str(version)})
        return
    echo(f"version: {version}", f"版本：{version}")
    next_step(f"hornbook show {version}")
