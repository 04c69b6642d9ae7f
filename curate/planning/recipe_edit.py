"""Writes single settings into a recipe and leaves every other byte as it is; what is not sure is refused.

The text is changed where the YAML parser says that a value stands. Then it is read again: only where it says what it
said before, with the settings, is it taken.
"""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml

from schemas.errors import RecipeError
from schemas.plan_findings import ProposedSetting, flow


class _Edit(NamedTuple):
    """Characters of the text, from `start` to before `stop`, and what stands there from now on."""

    start: int
    stop: int
    text: str


def with_changes(text: str, changes: Sequence[ProposedSetting]) -> str:
    """Write settings into the text of a recipe. Raises RecipeError where that is not sure to change nothing else."""
    for change in merged(changes):
        edit = _edit(text, change)
        if edit is None:
            raise _refused(change)
        edited = text[: edit.start] + edit.text + text[edit.stop :]
        if _values(edited) != _expected(_values(text), change):
            raise _refused(change)
        text = edited
    return text


def merged(changes: Sequence[ProposedSetting]) -> list[ProposedSetting]:
    """Keep one change of each setting: of two numbers the larger, of two limits the smaller for each language."""
    by_keys: dict[tuple[str, ...], ProposedSetting] = {}
    for change in changes:
        known = by_keys.get(change.keys, change)
        old, new = known.value, change.value
        if isinstance(old, dict) and isinstance(new, dict):
            value: Any = {key: min(number, old.get(key, number)) for key, number in new.items()}
        else:
            value = new if isinstance(old, dict) or isinstance(new, dict) else max(old, new)
        by_keys[change.keys] = ProposedSetting(keys=change.keys, value=value)
    return list(by_keys.values())


def is_set(text: str, change: ProposedSetting) -> bool:
    """Tell whether the text of a recipe has a setting already."""
    values = _values(text)
    return isinstance(values, dict) and _expected(values, change) == values


def _refused(change: ProposedSetting) -> RecipeError:
    return RecipeError(
        f"`{change}` cannot be written into this recipe for sure; please write it by hand: nothing was changed",
        f"无法确保把 `{change}` 准确写进这份配方；请手工修改：配方没有改动",
    )


def _values(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _expected(values: Any, change: ProposedSetting) -> Any:
    """Say what a recipe says with a setting; None where there is no room for it."""
    values = copy.deepcopy(values)
    inner = values
    if change.keys[0] != "train":
        inner = _stage_options(values, change.keys[0])
        if inner is None:
            return None
    keys = change.keys if change.keys[0] == "train" else change.keys[1:]
    for key in keys[:-1]:
        inner = inner.setdefault(key, {})
        if not isinstance(inner, dict):
            return None
    inner[keys[-1]] = change.value
    return values


def _stage_options(values: Any, stage: str) -> dict[str, Any] | None:
    """Find the options of the only stage of that name; those of a bare name are made."""
    items = values.get("stages") or []
    found = [n for n, item in enumerate(items) if item == stage or (isinstance(item, dict) and [*item] == [stage])]
    if len(found) != 1:
        return None
    if items[found[0]] == stage:
        items[found[0]] = {stage: {}}
    options = items[found[0]]
    return options[stage] if isinstance(options[stage], dict) else None


def _edit(text: str, change: ProposedSetting) -> _Edit | None:
    """Find where a setting is to be written; None where that is not plain."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
        return None  # one value in two places: a change of one is a change of the other
    root = yaml.compose(text, yaml.SafeLoader)
    keys = change.keys
    if keys[0] == "train":
        return _edit_within(text, root, keys, change.value)

    stages = child(root, "stages")
    if not isinstance(stages, yaml.SequenceNode):
        return None
    for item in stages.value:
        if isinstance(item, yaml.ScalarNode) and item.value == keys[0]:
            return _Edit(item.start_mark.index, item.end_mark.index, f"{_written(keys, change.value)}")
        if isinstance(item, yaml.MappingNode) and (options := child(item, keys[0])) is not None:
            return _edit_within(text, options, keys[1:], change.value)
    return None


def _edit_within(text: str, node: Any, keys: Sequence[str], value: Any) -> _Edit | None:
    """Replace a value, or add the keys that lead to it."""
    if not isinstance(node, yaml.MappingNode):
        return None
    inner = child(node, keys[0])
    if inner is None:
        return _added(text, node, _written(keys, value))
    if len(keys) > 1:
        return _edit_within(text, inner, keys[1:], value)
    if isinstance(inner, yaml.ScalarNode) or inner.flow_style:
        return _Edit(inner.start_mark.index, inner.end_mark.index, flow(value))
    return None


def _added(text: str, node: yaml.MappingNode, written: str) -> _Edit | None:
    """Add a key behind the last of a flow mapping, or on a line before the first of a block; at the top behind all."""
    if node.flow_style:
        at = node.value[-1][1].end_mark.index if node.value else node.start_mark.index + 1
        return _Edit(at, at, f", {written}" if node.value else written)
    newline = "\r\n" if "\r\n" in text else "\n"
    if node.start_mark.column == 0:
        end = "" if not text or text.endswith(("\n", "\r")) else newline
        return _Edit(len(text), len(text), f"{end}{written}{newline}")
    at = node.start_mark.index
    return _Edit(at, at, f"{written}{newline}{' ' * node.start_mark.column}")


def child(node: Any, key: str) -> Any:
    """Find the value of a key; None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _written(keys: Sequence[str], value: Any) -> str:
    """Write keys and a value on one line, as they stand inside a mapping."""
    return str(ProposedSetting(keys=tuple(keys), value=value))
