"""show, log, verify: what the versions in the store are, and whether they are intact."""

from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.verify import verify
from curate.store.version_log import log_of
from curate.terminal.printing import echo, emit
from curate.terminal.progress import showing_progress
from curate.terminal.tables import print_version
from schemas.bilingual import Bilingual


def show_command(version: str, root: Path, *, as_json: bool) -> None:
    """Print the manifest of a version: its inputs, what every stage did, and what the training set is made of."""
    manifest = read_manifest(Store(root).find(version))
    if as_json:
        emit(manifest.model_dump(mode="json"))
        return
    print_version(Console(), manifest)


def log_command(root: Path, *, as_json: bool) -> None:
    """Print all versions of all datasets, newest first."""
    store = Store(root)
    lines = log_of(store, store.datasets())
    if as_json:
        emit([line.model_dump(mode="json") for line in lines])
        return

    heads = (
        Bilingual("version", "版本"),
        Bilingual("written", "写入时间"),
        Bilingual("rows", "训练行"),
        Bilingual("from", "来自"),
    )
    table = Table(*(str(head) for head in heads), "")
    for line in lines:
        names = ["HEAD"] * line.head + list(line.tags)
        parents = " ".join(parent[:12] for parent in line.parents)
        table.add_row(f"{line.name}/{line.id[:12]}", line.written, str(line.train_rows), parents, " ".join(names))
    Console().print(table)


def verify_command(version: str, root: Path, *, as_json: bool) -> None:
    """Compute every digest of a version again and check its sums; print that all are as written."""
    folder = Store(root).find(version)
    total, done = len(read_manifest(folder).shards) + 1, count()
    with showing_progress() as progress:
        manifest = verify(folder, lambda name: progress(f"verify  {name}", next(done), total))
    if as_json:
        emit({"version": manifest.id, "files": len(manifest.shards), "sound": True})
        return
    files = len(manifest.shards)
    echo(f"{folder}: {files} files are as written, all sums add up", f"{folder}：{files} 个文件完好，账目全部相符")
