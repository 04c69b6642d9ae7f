"""push: a copy of a version elsewhere."""

from pathlib import Path

from curate.store.remote import push
from curate.terminal.printing import echo, emit
from curate.terminal.progress import showing_progress


def push_command(version: Path, url: str, *, as_json: bool) -> None:
    """Copy the version to `url`, unless it is there already, and print what was done."""
    with showing_progress() as progress:
        sent = push(version, url, lambda name: progress(name, 0, 1))
    if as_json:
        emit({"version": version.name, "url": url, "sent": sent})
    elif sent:
        echo(f"{version.name} is at {url}, every file compared", f"{version.name} 已在 {url}，逐个文件核对无误")
    else:
        echo(f"{version.name} was at {url} already", f"{url} 中已有 {version.name}")
