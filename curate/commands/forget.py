"""forget: a person's rows out of every version, and what cannot be taken back by deleting."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.erasure.conditions import Condition, conditions_of
from curate.erasure.erase import ErasureTarget, find_targets, forget, resume
from curate.reviewing.withdraw import withdraw_forgotten
from curate.store.store import Store
from curate.store.tombstones import Tombstone
from curate.system.interrupts import end_waiting
from curate.terminal.printing import echo, emit
from schemas.bilingual import Bilingual
from schemas.errors import InputError, ServiceError


def forget_command(  # noqa: PLR0913 - an option a parameter
    where: Sequence[str], store: Store, raw: Path, *, missing: bool, dry: bool, as_json: bool
) -> None:
    """Forget the rows that a condition of `where` names, in every dataset of the store, and print what was done.

    What was interrupted earlier is finished first; without a condition that is all. `-` reads the condition from
    standard input: a value on the command line stays in the shell's history. `missing` goes on without raw files that
    are gone; `dry` only prints what would be forgotten.
    """
    end_waiting()
    conditions = conditions_of([sys.stdin.read().strip() if text == "-" else text for text in where])
    datasets = _datasets(store)
    folders = {name: store.recipe_folder(name) for name in datasets}  # what an erasure removes would say it
    if not dry:
        for name in datasets:
            resume(store, name)
    if not conditions:
        if not dry:
            _withdraw(store, folders, {}, as_json=as_json)
        echo("nothing is left open", "没有未完成的遗忘操作")
        return

    try:
        targets = _targets(store, datasets, conditions, raw, missing=missing)
    except InputError:
        if not dry:  # an earlier call may have forgotten the rows, and not have reached the reviewers
            _withdraw(store, folders, {}, as_json=as_json)
        raise
    tombstones = {} if dry else {name: forget(store, name, target) for name, target in targets.items()}
    if as_json:
        emit({name: _document(target, tombstones.get(name)) for name, target in targets.items()})
    else:
        for name, target in targets.items():
            _print(name, target, tombstones.get(name))
    if not dry:
        _withdraw(store, folders, {name: target.ids for name, target in targets.items()}, as_json=as_json)


def _withdraw(
    store: Store, folders: Mapping[str, Path | None], ids: Mapping[str, Sequence[str]], *, as_json: bool
) -> None:
    """Take what is forgotten away from reviewers. Raises ServiceError where some of it cannot be reached now."""
    still_out: list[Bilingual] = []
    for name, folder in folders.items():
        withdrawn = withdraw_forgotten(store, name, folder, ids.get(name, ()))
        still_out += withdrawn.still_out
        if not as_json and (withdrawn.tasks or withdrawn.reviews):
            echo(
                f"  {withdrawn.tasks} tasks of reviewers and {withdrawn.reviews} decisions are gone, too",
                f"  {withdrawn.tasks} 个审核任务和 {withdrawn.reviews} 条审核结论也已删除",
            )
    if still_out:
        raise ServiceError(
            f"forgotten here, but still with reviewers: {still_out[0].en}; the same command, run again, goes on",
            f"本地已遗忘，但审核平台上仍有任务：{still_out[0].zh}；再次运行同一条命令可继续",
        )


def _datasets(store: Store) -> list[str]:
    """List the datasets that have a version."""
    folder = store.root / "datasets"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [name for name in names if store.versions(name)]


def _targets(
    store: Store, datasets: list[str], conditions: Sequence[Condition], raw: Path, *, missing: bool
) -> dict[str, ErasureTarget]:
    """Find what the conditions name in each dataset; datasets in which they name nothing are left out.

    A condition may be wrong for one dataset and right for another: with `missing`, it is an error only where it is
    wrong for all.
    """
    targets: dict[str, ErasureTarget] = {}
    refusals: list[InputError] = []
    for name in datasets:
        try:
            targets[name] = find_targets(store, name, conditions, raw, missing=missing)
        except InputError as error:
            refusals.append(error)
    if refusals and (len(refusals) == len(datasets) or not missing):
        raise refusals[0]
    targets = {name: target for name, target in targets.items() if target.rows or target.ids}
    if not targets:
        raise InputError("no row is meant by that; nothing was touched", "没有符合条件的行；什么都没有改动")
    return targets


def _document(target: ErasureTarget, tombstone: Tombstone | None) -> dict[str, Any]:
    """Describe what was forgotten in one dataset, or would be, as `--json` prints it."""
    return {
        "rows": {in_file.file: list(in_file.rows) for in_file in target.rows},
        "records": len(target.ids),
        "versions": tombstone.versions if tombstone else dict.fromkeys(target.versions, ""),
        "adapters": list(tombstone.adapters) if tombstone else [],
        "unsearched": list(target.unsearched),
    }


def _print(name: str, target: ErasureTarget, tombstone: Tombstone | None) -> None:
    """Print what was forgotten in one dataset, or would be, and what deleting cannot take back."""
    rows = sum(len(in_file.rows) for in_file in target.rows)
    files = ", ".join(in_file.file for in_file in target.rows) or "–"
    if tombstone is None:
        echo(
            f"{name}: {rows} raw rows, {len(target.ids)} conversations, in {len(target.versions)} versions; "
            "nothing was touched",
            f"{name}：{rows} 个原始行，{len(target.ids)} 段对话，涉及 {len(target.versions)} 个版本；没有改动任何内容",
        )
        return

    echo(
        f"{name}: {rows} raw rows, {len(target.ids)} conversations forgotten",
        f"{name}：已遗忘 {rows} 个原始行、{len(target.ids)} 段对话",
    )
    for old, new in tombstone.versions.items():
        echo(f"  {old[:12]} is gone; {new[:12]} is in its place", f"  {old[:12]} 已删除，由 {new[:12]} 代替")
    for run in tombstone.adapters:
        echo(
            f"  trained on what is gone; train it again and delete it: {run}",
            f"  在已删除的版本上训练过，请重新训练并删除：{run}",
        )

    echo(
        f"  the raw files still hold the rows ({files}), and so do copies that were exported, pushed or backed up",
        f"  原始文件（{files}）以及导出、推送或备份的副本里仍有这些行",
    )
    for file in target.unsearched:
        echo(f"  not searched, for it is not here as it was: {file}", f"  文件已不在或已改变，未能检查：{file}")
