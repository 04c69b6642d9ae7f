"""forget: a person's rows out of every version, and what cannot be taken back by deleting."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curate.erasure.conditions import conditions_of
from curate.erasure.erase import Found, forget, look, resume
from curate.store.store import Store
from curate.store.tombstones import Tombstone
from curate.terminal.printing import emit, tell
from schemas.errors import InputError


def forget_command(  # noqa: PLR0913 - an option a parameter
    where: Sequence[str], store: Store, raw: Path, *, missing: bool, dry: bool, as_json: bool
) -> None:
    """`-` reads the condition from standard input: a value on the command line stays in the shell's history."""
    conditions = conditions_of([sys.stdin.read().strip() if text == "-" else text for text in where])
    names = sorted(p.name for p in (store.root / "datasets").iterdir()) if (store.root / "datasets").is_dir() else []
    books = [name for name in names if store.versions(name)]
    if not dry:
        for name in books:
            resume(store, name)
    if not conditions:
        tell("nothing is left open", "没有未完成的遗忘操作")
        return
    found: dict[str, Found] = {}
    refused: list[InputError] = []
    for name in books:
        try:
            found[name] = look(store, name, conditions, raw, missing=missing)
        except InputError as error:
            refused.append(error)
    if refused and (len(refused) == len(books) or not missing):
        raise refused[0]
    found = {name: what for name, what in found.items() if what.rows or what.ids}
    if not found:
        raise InputError("no row is meant by that; nothing was touched", "没有符合条件的行；什么都没有改动")
    stones = {} if dry else {name: forget(store, name, what) for name, what in found.items()}
    document = {name: _document(what, stones.get(name)) for name, what in found.items()}
    if as_json:
        emit(document)
        return
    for name, what in found.items():
        _tell(name, what, stones.get(name))


def _document(found: Found, stone: Tombstone | None) -> dict[str, Any]:
    return {
        "rows": {part.file: list(part.rows) for part in found.rows},
        "records": len(found.ids),
        "versions": stone.versions if stone else dict.fromkeys(found.versions, ""),
        "adapters": list(stone.adapters) if stone else [],
        "unsearched": list(found.unsearched),
    }


def _tell(name: str, found: Found, stone: Tombstone | None) -> None:
    rows = sum(len(part.rows) for part in found.rows)
    files = ", ".join(part.file for part in found.rows) or "–"
    if stone is None:
        tell(
            f"{name}: {rows} raw rows, {len(found.ids)} conversations, in {len(found.versions)} versions; "
            "nothing was touched",
            f"{name}：{rows} 个原始行，{len(found.ids)} 段对话，涉及 {len(found.versions)} 个版本；没有改动任何内容",
        )
        return
    tell(
        f"{name}: {rows} raw rows, {len(found.ids)} conversations forgotten",
        f"{name}：已遗忘 {rows} 个原始行、{len(found.ids)} 段对话",
    )
    for old, new in stone.versions.items():
        tell(f"  {old[:12]} is gone; {new[:12]} is in its place", f"  {old[:12]} 已删除，由 {new[:12]} 代替")
    for run in stone.adapters:
        tell(
            f"  trained on what is gone; train it again and delete it: {run}",
            f"  在已删除的版本上训练过，请重新训练并删除：{run}",
        )
    tell(
        f"  the raw files still hold the rows ({files}), and so do copies that were exported, pushed or backed up",
        f"  原始文件（{files}）以及导出、推送或备份的副本里仍有这些行",
    )
    for file in found.unsearched:
        tell(f"  not searched, for it is not here as it was: {file}", f"  文件已不在或已改变，未能检查：{file}")
