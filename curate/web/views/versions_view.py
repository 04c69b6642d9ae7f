"""What the page of versions shows: the history, and the difference of two versions with that of their recipes."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from curate.history.diff import Diff, diff_versions, input_deltas
from curate.report.diff_page import diff_values, manifest_values
from curate.report.labels import stage_name
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.version_log import LoggedVersion, log_of
from curate.web.views.recipe_changes import ORDER, SettingChange, recipe_changes, recipe_lines
from schemas.bilingual import Bilingual
from schemas.digest import canonical
from schemas.manifest import Manifest
from schemas.version_files import VersionFiles

MOST_ROWS = 100_000
"""Training rows of two versions together up to which a page compares them while somebody waits."""
KEPT = 256
"""Manifests that are kept in memory: a version never changes."""
SECTIONS = {
    "inputs": Bilingual("file", "文件"),
    "stages": Bilingual("stage", "阶段"),
    "identity": Bilingual("identity", "身份"),
    "licence": Bilingual("licence", "许可证"),
    "use": Bilingual("what it is for", "用途"),
    "seed": Bilingual("seed", "随机种子"),
    "name": Bilingual("name", "名称"),
    "version": Bilingual("version of the recipe format", "配方格式版本"),
}
"""The settings of a recipe as people say them."""
FIRST = Bilingual("the first", "首个版本")
PARENT_GONE = Bilingual("the version before it is gone", "上一版已不在")
ABSENT = Bilingual("not set", "未设置")


class HistoryLine(NamedTuple):
    """One version in the history. `change` is None, and `differs` says so, where it has no parent here."""

    version: LoggedVersion
    exam_questions: int
    change: int | None
    parent: str
    differs: tuple[Bilingual, ...]


class SettingInWords(NamedTuple):
    """One setting of the recipe, before and after, as a person reads it."""

    name: str
    was: str
    now: str


def history(store: Store, name: str) -> list[HistoryLine]:
    """List the versions of a dataset, newest first, each with what differs from its parent."""
    versions = log_of(store, [name])
    ids = {version.id for version in versions}
    return [_history_line(store, version, [id for id in version.parents if id in ids]) for version in versions]


def _history_line(store: Store, version: LoggedVersion, parents: Sequence[str]) -> HistoryLine:
    folder = store.version(version.name, version.id)
    manifest = _manifest(folder)
    questions = sum(manifest.exam_questions.values())
    if not parents:
        return HistoryLine(version, questions, None, "", (PARENT_GONE if version.parents else FIRST,))
    before = store.version(version.name, parents[0])
    change = version.train_rows - _manifest(before).train_rows
    return HistoryLine(version, questions, change, parents[0], tuple(_differs(before, folder)))


def _differs(before: Path, after: Path) -> list[Bilingual]:
    """Say what two versions were made of that differs."""
    old, new = _manifest(before), _manifest(after)
    found = [Bilingual("recipe", "配方")] if old.recipe != new.recipe else []
    if files := len(input_deltas(old, new)):
        found.append(Bilingual(f"inputs ({files})", f"输入文件（{files} 个）"))
    for was, now, words in (
        (old.reviews, new.reviews, Bilingual("reviews", "审核")),
        (old.answers, new.answers, Bilingual("answers of the base model", "基础模型的回答")),
        (old.rewordings, new.rewordings, Bilingual("rewordings", "改写")),
        (old.scores, new.scores, Bilingual("scores", "评分")),
    ):
        if was != now:
            found.append(words)
    if any(stage.stage == "forget" for stage in new.stages):
        found.append(Bilingual("rows erased", "有数据被删除"))
    releases = _release(before), _release(after)
    if releases[0] != releases[1]:
        step = " → ".join(release or "?" for release in releases)
        found.append(Bilingual(f"release {step}", f"程序版本 {step}"))
    return found or [Bilingual("nothing of recipe, inputs and reviews", "配方、输入和审核都相同")]


@lru_cache(KEPT)
def _manifest(version: Path) -> Manifest:
    return read_manifest(version)


@lru_cache(KEPT)
def _release(version: Path) -> str:
    """Read which release wrote a version; nothing where that was not kept."""
    run = VersionFiles(version).run
    return str(json.loads(run.read_bytes()).get("packages", {}).get("hornbook", "")) if run.is_file() else ""


def difference(before: Path, after: Path, most: int = MOST_ROWS) -> dict[str, Any]:
    """Compare two versions, row by row where they are not too large together, and their recipes."""
    old, new = _manifest(before), _manifest(after)
    is_small = old.train_rows + new.train_rows <= most
    return {
        "before": old,
        "after": new,
        "rows": old.train_rows + new.train_rows,
        "difference": diff_values(_diff(before, after)) if is_small else manifest_values(old, new),
        "is_small": is_small,
        "settings": [setting_in_words(change) for change in recipe_changes(before, after)],
        "recipe": [(line[:1], line) for line in recipe_lines(before, after)],
    }


@lru_cache(2)
def _diff(before: Path, after: Path) -> Diff:
    return diff_versions(before, after)


def setting_in_words(change: SettingChange) -> SettingInWords:
    """Say which setting changed, from what to what."""
    if change.path == ORDER:
        name = str(Bilingual("order of the stages", "阶段顺序"))
        return SettingInWords(name, *(", ".join(map(stage_name, order)) for order in (change.was, change.now)))
    head, *rest = change.path
    if head == "stages":
        rest[0] = stage_name(rest[0])
    section = str(SECTIONS.get(head, Bilingual(head, head)))
    is_whole = len(rest) == 1 and head in ("inputs", "stages")
    values = (_whole(value) if is_whole else _value(value) for value in (change.was, change.now))
    return SettingInWords(" › ".join((section, *rest)), *values)


def _whole(is_there: bool | None) -> str:
    """Say whether a file or a stage is in the recipe."""
    return str(Bilingual("in the recipe", "有") if is_there else Bilingual("not in the recipe", "没有"))


def _value(value: Any) -> str:
    if value is None or value == "":
        return str(ABSENT)
    if isinstance(value, bool):
        return str(Bilingual("yes", "是") if value else Bilingual("no", "否"))
    return value if isinstance(value, str) else canonical(value)
