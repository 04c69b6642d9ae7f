"""What differs between the recipes of two versions: setting by setting, and line by line."""

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import Any, NamedTuple

from curate.store.read_version import read_recipe
from schemas.recipe import Recipe
from schemas.version_files import VersionFiles

HERE = object()
"""The value of a file or a stage that is there, whatever it is set to."""
ORDER = ("stages",)
"""The path of the order of the stages."""
AROUND = 3
"""Lines that are the same and are shown around those that differ."""

SettingPath = tuple[str, ...]


class SettingChange(NamedTuple):
    """One setting before and after. `path` leads to it: `("stages", "dedup", "threshold")`, with files by their path.

    `was` or `now` is None where it is not set, and both say whether it is there, True or None, for a whole file or
    stage that came or went.
    """

    path: SettingPath
    was: Any
    now: Any


def recipe_changes(before: Path, after: Path) -> list[SettingChange]:
    """List the settings that differ between the recipes of two versions, in the order of the newer one."""
    recipes = read_recipe(before), read_recipe(after)
    old, new = (_settings(recipe) for recipe in recipes)
    found = []
    for path in [*new, *(path for path in old if path not in new)]:
        was, now = old.get(path), new.get(path)
        if was != now and not _is_within_another(path, old, new):
            found.append(SettingChange(path, *(True if value is HERE else value for value in (was, now))))
    orders = [[choice.name for choice in recipe.stages] for recipe in recipes]
    if orders[0] != orders[1] and Counter(orders[0]) == Counter(orders[1]):
        found.append(SettingChange(ORDER, *orders))
    return found


def recipe_lines(before: Path, after: Path) -> list[str]:
    """Give the unified difference of the recipes of two versions as they keep them; nothing where they are the same."""
    was, now = (VersionFiles(v).recipe.read_text(encoding="utf-8").splitlines() for v in (before, after))
    return list(unified_diff(was, now, n=AROUND, lineterm=""))[2:]  # the names of the files come first


def _settings(recipe: Recipe) -> dict[SettingPath, Any]:
    """Take a recipe as its settings: files by their paths, stages by their names, and how often each came before."""
    values = recipe.canonical()
    values["inputs"] = {spec.pop("path"): spec for spec in values["inputs"]}
    seen: Counter[str] = Counter()
    stages = {}
    for choice in values["stages"]:
        seen[choice["name"]] += 1
        times = seen[choice["name"]]
        stages[choice["name"] if times == 1 else f"{choice['name']} ({times})"] = choice["options"]
    values["stages"] = stages
    return dict(_leaves((), values))


def _leaves(path: SettingPath, value: Any) -> Iterator[tuple[SettingPath, Any]]:
    if _is_whole(path):
        yield path, HERE
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves((*path, str(key)), inner)
    else:
        yield path, value


def _is_whole(path: SettingPath) -> bool:
    """Tell whether a path leads to a file or a stage."""
    return len(path) == 2 and path[0] in ("inputs", "stages")


def _is_within_another(path: SettingPath, old: Mapping[SettingPath, Any], new: Mapping[SettingPath, Any]) -> bool:
    """Tell whether a setting is one of a file or a stage that itself came or went."""
    return len(path) > 2 and _is_whole(path[:2]) and (path[:2] in old) != (path[:2] in new)
