"""The versions of a dataset, newest first, and what two of them differ in: rows, settings, stages."""

from difflib import unified_diff
from typing import Any, NamedTuple

from curate.history.diff import diff_versions
from curate.report.diff_page import diff_values
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.store.version_log import version_line
from schemas.bilingual import Bilingual
from schemas.manifest import Manifest
from schemas.version_files import VersionFiles

MOST_ROWS = 200_000
"""Training rows of two versions together that are compared while a page is waited for."""


class VersionLine(NamedTuple):
    """A version in the history: as the log has it, its manifest, rows more than its parent has, what differs."""

    logged: dict[str, Any]
    manifest: Manifest
    more: int | None
    why: Bilingual


class RecipeLine(NamedTuple):
    """A line of the difference of two recipes: `+`, `-`, `@` or a space, and the text behind it."""

    mark: str
    text: str


def history(store: Store, name: str) -> list[VersionLine]:
    """List the versions of a dataset, newest first, each beside its parent where the store still has it."""
    ids = store.versions(name)
    manifests = {id: read_manifest(store.version(name, id)) for id in ids}
    logged = [version_line(store, name, id) for id in ids]
    lines = []
    for line in sorted(logged, key=lambda line: (line["written"], line["id"]), reverse=True):
        manifest = manifests[line["id"]]
        parent = next((manifests[id] for id in manifest.parents if id in manifests), None)
        more = manifest.train_rows - parent.train_rows if parent else None
        lines.append(VersionLine(line, manifest, more, _why(parent, manifest)))
    return lines


def _why(parent: Manifest | None, manifest: Manifest) -> Bilingual:
    """Say what makes a version another one than its parent."""
    if parent is None:
        return Bilingual("the first", "第一个版本")
    files = {(file.path, file.digest) for file in manifest.inputs} != {(f.path, f.digest) for f in parent.inputs}
    decided = {file.digest for file in manifest.decided_by()} != {file.digest for file in parent.decided_by()}
    differs = [
        (manifest.recipe != parent.recipe, Bilingual("recipe", "配方")),
        (files, Bilingual("raw files", "原始文件")),
        (decided, Bilingual("reviews and other decisions", "审核结论等")),
    ]
    named = [words for is_so, words in differs if is_so] or [Bilingual("release of Hornbook", "Hornbook 版本")]
    return Bilingual(", ".join(w.en for w in named), "、".join(w.zh for w in named))


def are_few(before: Manifest, after: Manifest) -> bool:
    """Tell whether two versions are compared quickly enough for a page."""
    return before.train_rows + after.train_rows <= MOST_ROWS


def difference(store: Store, name: str, before: str, after: str) -> dict[str, Any]:
    """Compare the training rows of two versions: what the partial of the difference shows."""
    return diff_values(diff_versions(store.version(name, before), store.version(name, after)))


def recipe_difference(store: Store, name: str, before: str, after: str) -> list[RecipeLine]:
    """Compare the recipes that two versions keep, line by line; empty where they say the same."""
    old, new = (_recipe_lines(store, name, id) for id in (before, after))
    lines = list(unified_diff(old, new, lineterm="", n=3))[2:]
    return [RecipeLine(line[:1], line[1:]) for line in lines]


def _recipe_lines(store: Store, name: str, id: str) -> list[str]:
    return VersionFiles(store.version(name, id)).recipe.read_text(encoding="utf-8").splitlines()
