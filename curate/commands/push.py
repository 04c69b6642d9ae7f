"""push: a copy of a version elsewhere."""

from pathlib import Path

from curate.store.remote import push
from curate.terminal.printing import emit, tell
from curate.terminal.progress import showing


def push_command(version: Path, url: str, *, as_json: bool) -> None:
    with showing() as progress:
        sent = push(version, url, lambda name: progress(name, 0, 1))
    if as_json:
        emit({"version": version.name, "url": url, "sent": sent})
    elif sent:
        tell(f"{version.name} is at {url}, every file compared", f"{version.name} 已在 {url}，逐个文件核对无误")
    else:
        tell(f"{version.name} was at {url} already", f"{url} 中已有 {version.name}")
