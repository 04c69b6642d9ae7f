"""show, log, trace, verify: what stands in the store."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curate.commands.printing import emit, tell
from curate.console import showing
from curate.store import Store, read_manifest
from curate.tracing import life_of
from curate.verifying import verify
from curate.web.tables import print_version
from schemas.errors import InputError
from schemas.words import Words


def show_command(version: str, root: Path, *, as_json: bool) -> None:
    manifest = read_manifest(Store(root).find(version))
    if as_json:
        emit(manifest.model_dump(mode="json"))
        return
    print_version(Console(), manifest)


def log_command(root: Path, *, as_json: bool) -> None:
    store = Store(root)
    books = sorted(p.name for p in (root / "datasets").iterdir() if p.is_dir()) if (root / "datasets").is_dir() else []
    lines = [_log_line(store, name, id) for name in books for id in store.versions(name)]
    lines.sort(key=lambda line: (line["written"], line["id"]), reverse=True)
    if as_json:
        emit(lines)
        return
    table = Table(
        *(str(w) for w in (Words("version", "版本"), Words("written", "写入时间"), Words("rows", "训练行"))), ""
    )
    for line in lines:
        head = "HEAD" if line["head"] else ""
        table.add_row(f"{line['name']}/{line['id'][:12]}", line["written"], str(line["train_rows"]), head)
    Console().print(table)


def _log_line(store: Store, name: str, id: str) -> dict[str, Any]:
    folder = store.version(name, id)
    written = json.loads((folder / "run.json").read_bytes())["written"] if (folder / "run.json").is_file() else ""
    rows = read_manifest(folder).train_rows
    return {"name": name, "id": id, "written": written, "train_rows": rows, "head": store.head(name) == id}


def trace_command(version: str, what: str, root: Path, *, as_json: bool) -> None:
    folder = Store(root).find(version)
    life = life_of(folder, what)
    if life.is_empty():
        raise InputError(f"nothing in {folder.name[:12]} is called {what}", f"{folder.name[:12]} 中没有 {what}")
    if as_json:
        emit(life.to_dicts())
        return
    Console().print(_life_table([_event_cells(event) for event in life.iter_rows(named=True)]))


def _event_cells(event: dict[str, Any]) -> dict[str, str]:
    """One event of a life as it is printed, by column."""
    return {
        str(Words("stage", "阶段")): event["stage"],
        str(Words("verdict", "结论")): event["verdict"],
        str(Words("why", "原因")): event["reason"] or "",
        str(Words("row", "原始行")): "" if event["row"] is None else f"{event['file']}:{event['row']}",
        str(Words("record", "记录")): (event["id"] or "")[:12],
        str(Words("twin", "与之重复")): (event["twin"] or "")[:12],
        str(Words("score", "度量")): "" if event["score"] is None else f"{event['score']:g}",
    }


def _life_table(lines: list[dict[str, str]]) -> Table:
    """The columns that say anything; nothing in them is cut."""
    told = [name for name in lines[0] if any(line[name] for line in lines)]
    table = Table()
    for name in told:
        table.add_column(name, overflow="fold")
    for line in lines:
        table.add_row(*(line[name] for name in told))
    return table


def verify_command(version: str, root: Path, *, as_json: bool) -> None:
    folder = Store(root).find(version)
    with showing() as progress:
        manifest = verify(folder, lambda name: progress(name, 0, 1))
    if as_json:
        emit({"version": manifest.id, "files": len(manifest.shards), "sound": True})
        return
    files = len(manifest.shards)
    tell(f"{folder}: {files} files are as written, all sums add up", f"{folder}：{files} 个文件完好，账目全部相符")
