"""What is wrong with a recipe, in a sentence, with line and column and what was probably meant."""

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from schemas.bilingual import Bilingual
from schemas.errors import RecipeError
from schemas.suggestions import suggestion

Loc = tuple[str | int, ...]
KIND = re.compile(r"str|int|float|bool|(?:dict|list|tuple|literal)\[.*\]")
"""What pydantic puts behind the place of a value that may be of several kinds: no key of the file."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where: line and column from 1."""

    line: int
    column: int
    sentence: Bilingual


SENTENCES: dict[str, Bilingual] = {
    "missing": Bilingual("'{key}' is missing", "缺少“{key}”"),
    "int_parsing": Bilingual("'{key}' must be a whole number", "“{key}”必须是整数"),
    "int_type": Bilingual("'{key}' must be a whole number", "“{key}”必须是整数"),
    "float_parsing": Bilingual("'{key}' must be a number", "“{key}”必须是数字"),
    "float_type": Bilingual("'{key}' must be a number", "“{key}”必须是数字"),
    "bool_parsing": Bilingual("'{key}' must be true or false", "“{key}”必须是 true 或 false"),
    "string_type": Bilingual("'{key}' must be text; put it in quotes", "“{key}”必须是文本，请加引号"),
    "string_pattern_mismatch": Bilingual(
        "'{key}' must match {pattern}: lowercase letters, digits, - and _", "“{key}”只能用小写字母、数字、- 和 _"
    ),
    "greater_than": Bilingual("'{key}' must be greater than {gt}", "“{key}”必须大于 {gt}"),
    "greater_than_equal": Bilingual("'{key}' must be at least {ge}", "“{key}”不能小于 {ge}"),
    "less_than": Bilingual("'{key}' must be less than {lt}", "“{key}”必须小于 {lt}"),
    "less_than_equal": Bilingual("'{key}' must be at most {le}", "“{key}”不能大于 {le}"),
    "literal_error": Bilingual("'{key}' must be {expected}", "“{key}”只能是 {expected}"),
    "too_short": Bilingual("'{key}' must not be empty", "“{key}”不能为空"),
    "tuple_type": Bilingual("'{key}' must be a list", "“{key}”必须是列表"),
    "dict_type": Bilingual("'{key}' must be a mapping of keys to values", "“{key}”必须是键值对"),
    "model_type": Bilingual("'{key}' must be a mapping of keys to values", "“{key}”必须是键值对"),
}


def yaml_mistake(error: yaml.YAMLError, text: str) -> Mistake:
    """Say where and why the text is no YAML: nothing else can be said of it."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column, problem = before.count("\n") + 1, len(before) - before.rfind("\n"), "a control character"
    else:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or ""
    return Mistake(line, column, Bilingual(f"not valid YAML: {problem}", f"不是有效的 YAML：{problem}"))


def duplicate_keys(node: yaml.Node, above: tuple[yaml.Node, ...] = ()) -> Iterator[Mistake]:
    """Find keys that stand twice in one mapping. `above` are the nodes that this one stands in: an alias may be one."""
    if node in above or not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)):
        return

    first_lines: dict[str, int] = {}
    for item in node.value:
        key, value = item if isinstance(item, tuple) else (None, item)
        if key is not None and isinstance(key.value, str):
            line = key.start_mark.line + 1
            if key.value in first_lines:
                first = first_lines[key.value]
                sentence = Bilingual(
                    f"key '{key.value}' stands twice, first on line {first}",
                    f"键“{key.value}”重复，首次在第 {first} 行",
                )
                yield Mistake(line, key.start_mark.column + 1, sentence)
            first_lines.setdefault(key.value, line)
        yield from duplicate_keys(value, (*above, node))


def size_written_out(node: yaml.Node | None, known: dict[int, int] | None = None) -> int:
    """Count the values of a tree as if every alias were written out; one that stands in itself counts as nothing."""
    known = {} if known is None else known
    if not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)):
        return 1
    if id(node) not in known:
        known[id(node)] = 0
        parts = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
        known[id(node)] = 1 + sum(size_written_out(part, known) for part in parts)
    return known[id(node)]


def recipe_error(path: Path, mistakes: list[Mistake]) -> RecipeError:
    """Build the error that names every mistake, one a line, in the order of the file."""
    ordered = sorted(mistakes, key=lambda m: (m.line, m.column))
    return RecipeError(
        "\n".join(f"{path}:{m.line}:{m.column}: {m.sentence.en}" for m in ordered),
        "\n".join(f"{path}:{m.line}:{m.column}: {m.sentence.zh}" for m in ordered),
    )


def unknown_name(what_en: str, what_zh: str, name: str, known: tuple[str, ...]) -> Bilingual:
    """Say that nothing has this name, and which name was probably meant."""
    hint = suggestion(name, known)
    return Bilingual(f"unknown {what_en} '{name}'; {hint.en}", f"未知的{what_zh}“{name}”；{hint.zh}")


def validation_mistakes(
    error: ValidationError, tree: yaml.Node, prefix: Loc, model: type[BaseModel]
) -> Iterator[Mistake]:
    """Find the line and the sentence of every error of pydantic. `prefix` is where the model stands in the file."""
    problems = error.errors()
    for problem in problems:
        deeper = [p for p in problems if p is not problem and p["loc"][: len(problem["loc"])] == problem["loc"]]
        if problem["type"] == "too_short" and deeper:
            continue  # it is only short of the items that are wrong themselves
        if _is_other_kind(problem["loc"], [p["loc"] for p in problems]):
            continue
        loc: Loc = (*prefix, *problem["loc"])
        yield mistake_at(tree, loc, _sentence(dict(problem), model))


def _is_other_kind(loc: Loc, all_locs: Sequence[Loc]) -> bool:
    """Tell whether a value was meant to be of another of its kinds: there the mistake lies deeper inside."""
    within = [other for other in all_locs if len(other) > len(loc) and other[: len(loc) - 1] == loc[:-1]]
    return bool(loc and within and KIND.fullmatch(str(loc[-1])))


def _without_kinds(loc: Loc) -> Loc:
    """Leave off what leads to a mistake and stands in no file: the kind of a value, and that a key is wrong itself."""
    while len(loc) > 1 and (loc[-1] == "[key]" or KIND.fullmatch(str(loc[-1]))):
        loc = loc[:-1]
    return loc


def _sentence(problem: Mapping[str, Any], model: type[BaseModel]) -> Bilingual:
    loc: Loc = problem["loc"]
    if problem["type"] != "extra_forbidden":
        loc = _without_kinds(loc)
    key = str(loc[-1]) if loc and isinstance(loc[-1], str) else f"#{int(loc[-1]) + 1}" if loc else ""
    if problem["type"] == "extra_forbidden":
        return unknown_name("key", "键", key, _known_keys(model, loc[:-1]))
    if problem["type"] == "value_error":
        cause = problem["ctx"]["error"].args[0]
        return cause if isinstance(cause, Bilingual) else Bilingual(str(cause), str(cause))
    sentence = SENTENCES.get(problem["type"])
    if sentence is None:
        return Bilingual(f"'{key}': {problem['msg']}", f"“{key}”：{problem['msg']}")
    facts = {"key": key, **problem.get("ctx", {})}
    listed = str(facts.get("expected", "")).replace(", ", "、").replace(" or ", " 或 ")
    return Bilingual(sentence.en.format(**facts), sentence.zh.format(**facts | {"expected": listed}))


def _known_keys(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """List the keys that may stand at `loc` of `model`; none where a mapping is free."""
    inner: Any = model
    for key in loc:
        if isinstance(key, int):
            continue
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)) or key not in inner.model_fields:
            return ()
        inner = _model_in(inner.model_fields[key].annotation)
    return tuple(inner.model_fields) if isinstance(inner, type) and issubclass(inner, BaseModel) else ()


def _model_in(annotation: Any) -> Any:
    """Find the model inside `Model | None` or `tuple[Model, ...]`; the annotation itself otherwise."""
    if get_origin(annotation) in (Union, types.UnionType, tuple, list):
        return next(
            (model for inner in get_args(annotation) if (model := _model_in(inner)) is not type(None)), annotation
        )
    return annotation


def mistake_at(tree: yaml.Node, loc: Loc, sentence: Bilingual) -> Mistake:
    """Find the line and column that `loc` leads to in the file, as far as it leads."""
    node, mark = tree, tree.start_mark
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                continue
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
    return Mistake(mark.line + 1, mark.column + 1, sentence)
