"""pull: a version from elsewhere into the store."""

from pathlib import Path

from curate.store.remote import pull
from curate.store.store import Store
from curate.terminal.printing import emit, next_step, tell
from curate.terminal.progress import showing


def pull_command(wanted: str, url: str, root: Path, *, as_json: bool) -> None:
    with showing() as progress:
        version = pull(wanted, url, Store(root), lambda name: progress(name, 0, 1))
    if as_json:
        emit({"version": version.name, "path": str(version)})
        return
    tell(f"version: {version}", f"版本：{version}")
    next_step(f"hornbook show {version}")
