"""The limits of a rule as a form has them, and the same limits written into a recipe."""

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Any, NamedTuple

import yaml

from curate.planning.recipe_edit import with_changes
from rules import LimitRule, Rule
from schemas.errors import InputError, RecipeError
from schemas.plan_findings import ProposedSetting
from schemas.record import KINDS
from schemas.stage_names import RECORDED

NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
STAGE = "quality"
ACTIONS = ("drop", "review")
"""What a rule may do with stored scores: a repair needs the texts."""


class LimitField(NamedTuple):
    """One limit: `name` is that of the field, `kind` is empty where it holds for all kinds that have no other."""

    name: str
    limit: str
    kind: str
    today: float
    value: float


def limit_fields(before: Rule, after: Rule) -> list[LimitField]:
    """List the limits of a rule, those of today and those of a trial."""
    today, tried = _limits(before), _limits(after)
    return [
        LimitField(f"{name}-{kind}" if kind else name, name, kind, value, tried[kind, name])
        for (kind, name), value in today.items()
    ]


def settings_of(rule: Rule, form: Mapping[str, str]) -> dict[str, Any]:
    """Read the settings of a form that differ from those of the rule. InputError for a limit that is no number."""
    settings: dict[str, Any] = {}
    kinds: dict[str, dict[str, float]] = {}
    for field in limit_fields(rule, rule):
        value = _number(field.name, form[field.name]) if form.get(field.name) else field.today
        if value == field.today:
            continue
        if field.kind:
            kinds.setdefault(field.kind, {})[field.limit] = value
        else:
            settings[field.limit] = value
    if kinds and isinstance(rule, LimitRule):
        settings["by_kind"] = {kind: {**of, **kinds.get(kind, {})} for kind, of in rule.by_kind.items()}
    action = form.get("action", "")
    if action and action != rule.action:
        if action not in ACTIONS:
            raise InputError("a rule drops or sends to review", "规则只能丢弃或送审")
        settings["action"] = action
    return settings


def form_of(before: Rule, after: Rule) -> dict[str, str]:
    """Write settings that differ as a form holds them: what `settings_of` reads."""
    form = {field.name: written(field.value) for field in limit_fields(before, after) if field.value != field.today}
    return form | ({"action": after.action} if after.action != before.action else {})


def written(value: float) -> str:
    """Write a limit as a recipe has it."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def with_limits(text: str, name: str, before: Rule, after: Rule) -> str:
    """Write the limits of a rule that differ into the text of a recipe. RecipeError where that is not sure."""
    stage = _stage_as_typed(text)
    changes = [
        ProposedSetting(keys=(stage, "rules", name, *keys), value=value) for keys, value in _changes(before, after)
    ]
    return with_changes(text, changes)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """List the lines in which two recipes differ, each with what becomes of it: `-`, `+`, and blank for one beside."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [(line[:1], line[1:]) for line in list(lines)[2:] if not line.startswith("@@")]


def _limits(rule: Rule) -> dict[tuple[str, str], float]:
    if not isinstance(rule, LimitRule):
        return {}
    limits = {("", name): float(getattr(rule, name)) for name in rule.limits if name in type(rule).model_fields}
    for kind in KINDS:
        limits |= {(kind, name): float(value) for name, value in rule.by_kind.get(kind, {}).items()}
    return limits


def _changes(before: Rule, after: Rule) -> Iterator[tuple[tuple[str, ...], float | str]]:
    """List what is to be written. A recipe that says anything by kind says all of it: all of that is written."""
    today, tried = _limits(before), _limits(after)
    of_kinds = any(tried[key] != today[key] for key in today if key[0])
    for (kind, name), value in tried.items():
        if value != today[kind, name] or (kind and of_kinds):
            yield (("by_kind", kind, name) if kind else (name,)), _plain(value)
    if before.action != after.action:
        yield ("action",), after.action


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _number(name: str, text: str) -> float:
    if not NUMBER.fullmatch(text.strip()):
        raise InputError(f"{name}: a limit is a number", f"{name}：限值应为数字")
    return float(text)


def _stage_as_typed(text: str) -> str:
    """Find the name under which a recipe lists the stage. RecipeError where it lists none."""
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError:
        values = None
    stages = values.get("stages") if isinstance(values, dict) else None
    items = stages if isinstance(stages, list) else []
    listed = {name for item in items for name in ([item] if isinstance(item, str) else item)}
    for stage in (STAGE, RECORDED[STAGE]):
        if stage in listed:
            return stage
    raise RecipeError(
        "this recipe lists no stage `quality`, so that nothing can be written into it for sure: write the stages out",
        "这份配方没有列出 quality 阶段，无法确保写对地方：请先把 stages 写出来",
    )
