"""tag, gc: names for versions, and what no version, tag or build leads to."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.store.gc import collect_garbage, find_garbage
from curate.store.store import PLAN, Store
from curate.terminal.printing import echo, emit, next_step
from schemas.bilingual import Bilingual


def tag_command(version: str, tag: str | None, root: Path, *, delete: bool, as_json: bool) -> None:
    """Give a version a tag, take the tag away, or list all tags of the dataset where `tag` is None."""
    store = Store(root)
    if tag is None:
        tags = store.tags(version.partition("/")[0])
        if as_json:
            emit(tags)
            return
        for name, id in tags.items():
            print(name, id)
        return

    if delete:
        store.untag(version.partition("/")[0], tag)
        echo(f"tag {tag} is gone; its version stays", f"已删除标签 {tag}；版本保留")
        return

    folder = store.find(version)
    store.tag(folder, tag)
    if as_json:
        emit({"tag": tag, "version": folder.name})
        return
    echo(f"{folder.parent.name}/{tag} is {folder.name[:12]}", f"{folder.parent.name}/{tag} 指向 {folder.name[:12]}")


def gc_command(root: Path, *, dry_run: bool, as_json: bool) -> None:
    """Remove what nothing leads to, or only list it, and print it with its size."""
    store = Store(root)
    find = find_garbage if dry_run else collect_garbage
    garbage = [item for name in store.datasets() for item in find(store, name, PLAN)]
    if as_json:
        emit([{"path": str(item.path), "why": item.why.en, "bytes": item.bytes} for item in garbage])
        return

    table = Table()
    table.add_column(str(Bilingual("path", "路径")), overflow="fold")
    table.add_column(str(Bilingual("why", "原因")))
    table.add_column("MB", justify="right")
    for item in garbage:
        table.add_row(str(item.path.relative_to(root)), str(item.why), f"{item.bytes / 1e6:.1f}")
    Console().print(table)
    if dry_run and garbage:
        next_step("hornbook gc")
