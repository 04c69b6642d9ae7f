"""The fields of the recipe's form: where each stands in the recipe, how it is shown, and how what is typed is read."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from curate.planning.recipe_values import Keys
from schemas.bilingual import NOTHING, Bilingual
from schemas.recipe import STAGES
from schemas.stage_names import typed_name

Values = dict[str, Any]
Shape = Literal["text", "number", "share", "choice", "flag", "words"]
ON, OFF = "on", "off"
MAX_DIGITS = 12
NUMBER = re.compile(rf"-?\d{{1,{MAX_DIGITS}}}(?:\.\d{{1,{MAX_DIGITS}}})?")
SEPARATORS = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True)
class FormField:
    """One field. `keys` lead to it in the recipe: behind `stages` the name of a stage, behind `inputs` a number.
    `value` is what it shows; `share` is a percentage, `words` are a list.
    """

    keys: Keys
    label: Bilingual
    value: str
    shape: Shape = "text"
    choices: tuple[tuple[str, Bilingual], ...] = ()
    note: Bilingual = NOTHING

    @property
    def name(self) -> str:
        """The name of the field in the form."""
        return ".".join(map(str, self.keys))

    def read(self, typed: str) -> Any:
        """Read what was typed, as YAML would. FieldError where it cannot be meant."""
        if self.shape in ("number", "share"):
            return self._number(typed.strip())
        if self.shape == "words":
            return [word for word in SEPARATORS.split(typed) if word]
        if self.shape == "choice" and typed not in dict(self.choices):
            raise FieldError(self, Bilingual("choose one of those that are offered", "请从给出的选项里选"))
        if self.keys == ("max_bad",) and re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}", typed.strip()):
            return int(typed)
        return typed.strip()

    def _number(self, typed: str) -> int | float:
        whole = self.shape == "number" and "." not in self.value and "." not in typed
        try:
            number = Decimal(typed) if NUMBER.fullmatch(typed) else None
        except InvalidOperation:
            number = None
        if number is None:
            raise FieldError(self, Bilingual(f"“{typed[:40]}” is no number", f"“{typed[:40]}”不是数字"))
        if self.shape == "share":
            number /= 100
        return int(number) if whole or number == number.to_integral_value() else float(number)


class FieldError(Exception):
    """What is wrong with what was typed in a field."""

    def __init__(self, field: FormField, sentence: Bilingual) -> None:
        self.field, self.sentence = field, sentence
        super().__init__(f"{field.label.en}: {sentence.en}")

    def in_words(self) -> Bilingual:
        label = self.field.label
        return Bilingual(f"{label.en}: {self.sentence.en}", f"{label.zh}：{self.sentence.zh}")


def shown_number(value: float) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def shown_share(value: float) -> str:
    """Write a share as a percentage without its sign."""
    return f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") if value else "0"


# Stages: a list of names, or of names with their settings.


def stage_names(values: Values, usual: list[Any]) -> list[str]:
    """List the stages that run, by the names that people type; `usual` are those of a recipe that names none."""
    return [typed_name(_name(item)) for item in values.get("stages") or usual]


def options_of(values: Values, stage: str, usual: list[Any]) -> Values:
    """Read the settings of the first stage of that name; none where it does not run."""
    for item in values.get("stages") or usual:
        if typed_name(_name(item)) == stage and isinstance(item, dict):
            return next(iter(item.values())) or {}
    return {}


def put(values: Values, keys: Keys, value: Any, usual: list[Any]) -> None:
    """Set a value, and make what leads to it."""
    inner: Any = values
    if keys[0] == "stages":
        inner, keys = _options_to_change(values, str(keys[1]), usual), keys[2:]
    for key in keys[:-1]:
        if isinstance(key, int):
            inner = inner[key]
            continue
        if not isinstance(inner.get(key), (dict, list)):
            inner[key] = {}
        inner = inner[key]
    inner[keys[-1]] = value


def set_stage(values: Values, stage: str, *, runs: bool, usual: list[Any]) -> None:
    """Let a stage run, at its place in the order, or not. Its settings go with it."""
    names = stage_names(values, usual)
    if (stage in names) == runs:
        return
    stages = _stages_to_change(values, usual)
    if not runs:
        del stages[names.index(stage)]
        return
    order = [typed_name(choice.name) for choice in STAGES]
    before = set(order[: order.index(stage)])
    stages.insert(max((n + 1 for n, name in enumerate(names) if name in before), default=0), stage)


def _stages_to_change(values: Values, usual: list[Any]) -> list[Any]:
    if not values.get("stages"):
        values["stages"] = [_typed(item) for item in copy.deepcopy(usual)]
    stages: list[Any] = values["stages"]
    return stages


def _options_to_change(values: Values, stage: str, usual: list[Any]) -> Values:
    stages = _stages_to_change(values, usual)
    index = next(n for n, item in enumerate(stages) if typed_name(_name(item)) == stage)
    item = stages[index]
    if not isinstance(item, dict):
        stages[index] = {item: {}}
    elif not isinstance(item[_name(item)], dict):
        item[_name(item)] = {}
    options: Values = stages[index][_name(item)]
    return options


def _typed(item: Any) -> Any:
    return {typed_name(_name(item)): item[_name(item)]} if isinstance(item, dict) else typed_name(item)


def _name(item: Any) -> str:
    return str(next(iter(item))) if isinstance(item, Mapping) else str(item)
