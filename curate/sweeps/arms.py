"""The arms of a sweep: the recipe with one value, or one of each of several, in the place of its own."""

import copy
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from curate.recipe.load import RecipeFile, build_steps, load_recipe
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.recipe import Recipe
from schemas.stage_names import recorded_name

WHOLE = ("train", "exam")
"""Parts of a recipe whose settings may be varied; any other first word is a stage."""


class Variation(NamedTuple):
    """A setting, `train.learning_rate` or `mix.shares.general`, with the values that it takes in turn."""

    key: str
    values: tuple[Any, ...]


class Arm(NamedTuple):
    """What is varied in an arm, and its whole recipe."""

    settings: Mapping[str, Any]
    file: RecipeFile

    @property
    def name(self) -> str:
        """Write the values as on the command line: `mix.shares.general=0.05`."""
        return ", ".join(f"{key}={_written(value)}" for key, value in self.settings.items())


def variation_of(text: str) -> Variation:
    """Read `KEY=a,b,c`. Raises InputError where that is not its shape."""
    key, _, listed = text.partition("=")
    values = yaml.safe_load(f"[{listed}]") if listed.strip() else []
    if not key.strip() or "." not in key or len(values) < 2 or len(set(map(_written, values))) < len(values):
        raise InputError(
            f"--vary {text}: write a setting and two or more different values, as in mix.shares.general=0,0.05,0.1",
            f"--vary {text}：请写一个设置和至少两个不同的值，例如 mix.shares.general=0,0.05,0.1",
        )
    return Variation(key.strip(), tuple(values))


def arms_of(path: Path, variations: Sequence[Variation]) -> list[Arm]:
    """Write the recipe of every combination of values. Raises RecipeError and InputError."""
    loaded = load_recipe(path)
    values = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    keys = [variation.key for variation in variations]
    chosen = product(*(variation.values for variation in variations))
    return [_arm(loaded, values, dict(zip(keys, combination, strict=True))) for combination in chosen]


def with_training(arm: Arm, **settings: Any) -> Arm:
    """Change settings of the training in an arm."""
    recipe = arm.file.recipe
    changed = recipe.model_copy(update={"train": recipe.train.model_copy(update=settings)})
    return arm._replace(file=RecipeFile(changed, arm.file.steps, arm.file.folder))


def _arm(loaded: RecipeFile, values: Mapping[str, Any], settings: Mapping[str, Any]) -> Arm:
    changed = copy.deepcopy(dict(values))
    for key, value in settings.items():
        _set(changed, key, value)
    try:
        recipe = Recipe.model_validate(changed)
        update = {"stages": recipe.stages, "train": recipe.train, "exam": recipe.exam}
        recipe = loaded.recipe.model_copy(update=update)
        return Arm(settings, RecipeFile(recipe, build_steps(recipe), loaded.folder))
    except ValidationError as error:
        raise _no_such_setting(settings, error) from None


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    """Put a value where a dotted key leads: into a part of the recipe, or into the options of a stage."""
    first, *inner = key.split(".")
    options = values.setdefault(first, {}) if first in WHOLE else _options_of(values, first)
    for name in inner[:-1]:
        options = options.setdefault(name, {})
    options[inner[-1]] = value


def _options_of(values: dict[str, Any], stage: str) -> dict[str, Any]:
    """Find the options of a stage in the recipe's list, or in the usual one."""
    stages = values.setdefault("stages", [choice.name for choice in Recipe.model_fields["stages"].default])
    for position, entry in enumerate(stages):
        name = entry if isinstance(entry, str) else next(iter(entry))
        if recorded_name(name) == recorded_name(stage):
            options = {} if isinstance(entry, str) else (entry[name] or {})
            stages[position] = {name: options}
            return options
    raise InputError(
        f"--vary: the recipe has no stage '{stage}', and 'train' and 'exam' are its other parts that can be varied",
        f"--vary：配方里没有阶段“{stage}”；除阶段外，只能改 train 和 exam",
    )


def _no_such_setting(settings: Mapping[str, Any], error: ValidationError) -> InputError:
    """Say which value a recipe does not take."""
    problem = error.errors()[0]
    cause = problem.get("ctx", {}).get("error")
    why = cause.args[0] if cause is not None and isinstance(cause.args[0], Bilingual) else problem["msg"]
    written = ", ".join(f"{key}={_written(value)}" for key, value in settings.items())
    en, zh = (why.en, why.zh) if isinstance(why, Bilingual) else (why, why)
    return InputError(f"--vary: a recipe does not take {written} ({en})", f"--vary：配方不接受 {written}（{zh}）")


def _written(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).split("\n")[0]
