"""tag, gc: names for versions, and what nothing leads to."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.store.gc import collect, garbage
from curate.store.store import PLAN, Store
from curate.terminal.printing import emit, next_step, tell
from schemas.bilingual import Words


def tag_command(version: str, tag: str | None, root: Path, *, delete: bool, as_json: bool) -> None:
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
        tell(f"tag {tag} is gone; its version stays", f"已删除标签 {tag}；版本保留")
        return
    folder = store.find(version)
    store.tag(folder, tag)
    if as_json:
        emit({"tag": tag, "version": folder.name})
        return
    tell(f"{folder.parent.name}/{tag} is {folder.name[:12]}", f"{folder.parent.name}/{tag} 指向 {folder.name[:12]}")


def gc_command(root: Path, *, dry_run: bool, as_json: bool) -> None:
    store = Store(root)
    work = garbage if dry_run else collect
    found = [thing for name in store.books() for thing in work(store, name, PLAN)]
    if as_json:
        emit([{"path": str(t.path), "why": t.why.en, "bytes": t.bytes} for t in found])
        return
    table = Table()
    table.add_column(str(Words("path", "路径")), overflow="fold")
    table.add_column(str(Words("why", "原因")))
    table.add_column("MB", justify="right")
    for thing in found:
        table.add_row(str(thing.path.relative_to(root)), str(thing.why), f"{thing.bytes / 1e6:.1f}")
    Console().print(table)
    if dry_run and found:
        next_step("hornbook gc")
