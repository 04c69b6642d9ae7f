"""Reads a recipe file. Every mistake in it is told at once, each with line, column and what was probably meant."""

import types
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

import curate.augmenters
import curate.reading.readers
import curate.stages
import schemas.formats
from curate.augmenters import Augmenter
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.encoding_names import encoding_mistake
from curate.reading.readers import Reader
from curate.stages import Stage
from schemas.bilingual import Words
from schemas.catalog import Catalog
from schemas.errors import InputError, RecipeError
from schemas.formats import Format
from schemas.input import Choice, Input
from schemas.recipe import Recipe
from schemas.suggestions import meant

READERS = Catalog(curate.reading.readers, Reader)
FORMATS = Catalog(schemas.formats, Format)
STAGES = Catalog(curate.stages, Stage)
AUGMENTERS = Catalog(curate.augmenters, Augmenter)

Loc = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Step:
    """One line of `stages:`, ready to run: a stage or an augmenter under its catalog name."""

    name: str
    does: Stage | Augmenter


@dataclass(frozen=True)
class RecipeFile:
    """A recipe that was found right. `folder` is where its paths start."""

    recipe: Recipe
    steps: tuple[Step, ...]
    folder: Path


@dataclass(frozen=True)
class Mistake:
    line: int
    column: int
    words: Words


SENTENCES: dict[str, Words] = {
    "missing": Words("'{key}' is missing", "缺少“{key}”"),
    "int_parsing": Words("'{key}' must be a whole number", "“{key}”必须是整数"),
    "int_type": Words("'{key}' must be a whole number", "“{key}”必须是整数"),
    "float_parsing": Words("'{key}' must be a number", "“{key}”必须是数字"),
    "float_type": Words("'{key}' must be a number", "“{key}”必须是数字"),
    "bool_parsing": Words("'{key}' must be true or false", "“{key}”必须是 true 或 false"),
    "string_type": Words("'{key}' must be text; put it in quotes", "“{key}”必须是文本，请加引号"),
    "string_pattern_mismatch": Words(
        "'{key}' must match {pattern}: small letters, digits, - and _", "“{key}”只能用小写字母、数字、- 和 _"
    ),
    "greater_than": Words("'{key}' must be greater than {gt}", "“{key}”必须大于 {gt}"),
    "greater_than_equal": Words("'{key}' must be at least {ge}", "“{key}”不能小于 {ge}"),
    "less_than": Words("'{key}' must be less than {lt}", "“{key}”必须小于 {lt}"),
    "less_than_equal": Words("'{key}' must be at most {le}", "“{key}”不能大于 {le}"),
    "literal_error": Words("'{key}' must be {expected}", "“{key}”只能是 {expected}"),
    "too_short": Words("'{key}' must not be empty", "“{key}”不能为空"),
    "tuple_type": Words("'{key}' must be a list", "“{key}”必须是列表"),
    "dict_type": Words("'{key}' must be a mapping of keys to values", "“{key}”必须是键值对"),
    "model_type": Words("'{key}' must be a mapping of keys to values", "“{key}”必须是键值对"),
}


def load_recipe(path: Path) -> RecipeFile:
    """The recipe in `path` with its stages made. Raises RecipeError with all mistakes, one a line."""
    text = _text(path)
    try:
        tree = yaml.compose(text, yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _error(path, [_no_yaml(error, text)]) from None
    if not isinstance(values, dict) or tree is None:
        words = Words("a recipe is a mapping of keys to values", "配方必须是键值对")
        raise _error(path, [Mistake(1, 1, words)])
    mistakes = [*_twice(tree), *_input_mistakes(values, tree, path.parent)]
    steps, wrong = _steps(values, tree)
    mistakes += [*wrong, *_source_mistakes(values, tree)]
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        raise _error(path, [*mistakes, *_mistakes(error, tree, (), Recipe)]) from None
    if mistakes:
        raise _error(path, mistakes)
    return RecipeFile(recipe, tuple(steps), path.parent)


def _no_yaml(error: yaml.YAMLError, text: str) -> Mistake:
    """Where and why the text is no YAML: the only thing that can be said of it."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column, problem = before.count("\n") + 1, len(before) - before.rfind("\n"), "a control character"
    else:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or ""
    return Mistake(line, column, Words(f"not valid YAML: {problem}", f"不是有效的 YAML：{problem}"))


def _twice(node: yaml.Node, above: tuple[yaml.Node, ...] = ()) -> Iterator[Mistake]:
    """Keys that stand twice in one mapping. `above` are the nodes that this one stands in: an alias may be one."""
    seen: dict[str, int] = {}
    if node in above or not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)):
        return
    for item in node.value:
        key, value = item if isinstance(item, tuple) else (None, item)
        if key is not None and isinstance(key.value, str):
            line = key.start_mark.line + 1
            if key.value in seen:
                first = seen[key.value]
                words = Words(
                    f"key '{key.value}' stands twice, first on line {first}",
                    f"键“{key.value}”重复，首次在第 {first} 行",
                )
                yield Mistake(line, key.start_mark.column + 1, words)
            seen.setdefault(key.value, line)
        yield from _twice(value, (*above, node))


def made_steps(recipe: Recipe) -> tuple[Step, ...]:
    """The stages of a recipe that was found right before, ready to run."""
    kinds: dict[str, type[Stage] | type[Augmenter]] = {}
    for choice in recipe.stages:
        catalog: Catalog[Any] = STAGES if choice.name in STAGES.names() else AUGMENTERS
        kinds[choice.name] = catalog.load(choice.name)
    return tuple(Step(choice.name, kinds[choice.name].model_validate(dict(choice.options))) for choice in recipe.stages)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RecipeError(
            f"{path}: the recipe cannot be read ({error.strerror})", f"{path}：无法读取配方（{error.strerror}）"
        ) from None
    except UnicodeDecodeError:
        raise RecipeError(f"{path}: a recipe must be UTF-8", f"{path}：配方必须是 UTF-8 编码") from None


def _error(path: Path, mistakes: list[Mistake]) -> RecipeError:
    ordered = sorted(mistakes, key=lambda m: (m.line, m.column))
    return RecipeError(
        "\n".join(f"{path}:{m.line}:{m.column}: {m.words.en}" for m in ordered),
        "\n".join(f"{path}:{m.line}:{m.column}: {m.words.zh}" for m in ordered),
    )


def _steps(values: Mapping[str, Any], tree: yaml.Node) -> tuple[list[Step], list[Mistake]]:
    """The stages that are right, and the mistakes in the others. What is no stage at all is told with the structure."""
    steps: list[Step] = []
    mistakes: list[Mistake] = []
    known = (*STAGES.names(), *AUGMENTERS.names())
    for position, choice in _parsed(values.get("stages", Recipe.model_fields["stages"].default), Choice):
        loc: Loc = ("stages", position)
        if choice.name not in known:
            mistakes.append(_at(tree, (*loc, choice.name), _unknown("stage", "阶段", choice.name, known)))
            continue
        kind: type[Stage] | type[Augmenter]
        kind = STAGES.load(choice.name) if choice.name in STAGES.names() else AUGMENTERS.load(choice.name)
        try:
            steps.append(Step(choice.name, kind.model_validate(dict(choice.options))))
        except ValidationError as error:
            mistakes += _mistakes(error, tree, (*loc, choice.name), kind)
    return steps, mistakes


def _parsed(items: Any, kind: type[M]) -> Iterator[tuple[int, M]]:
    """Those of a list that have the right structure, with their places."""
    for place, item in enumerate(items if isinstance(items, (list, tuple)) else ()):
        with suppress(ValidationError):
            yield place, kind.model_validate(item)


def _input_mistakes(values: Mapping[str, Any], tree: yaml.Node, folder: Path) -> Iterator[Mistake]:
    """What is wrong with paths, readers, formats and encodings, also in inputs that have other mistakes."""
    inputs = values.get("inputs")
    for position, spec in enumerate(inputs if isinstance(inputs, list) else ()):
        if not isinstance(spec, dict):
            continue
        loc: Loc = ("inputs", position)
        path = spec.get("path")
        if isinstance(path, str) and (words := _path_mistake(folder / path)):
            yield _at(tree, (*loc, "path"), words)
        for what, catalog in (("reader", READERS), ("format", FORMATS)):
            for _, choice in _parsed([spec.get(what)], Choice):
                yield from _choice_mistakes(choice, catalog, tree, (*loc, what))
        more = spec.get("line_encodings")
        named: list[tuple[Loc, Any]] = [(("encoding",), spec.get("encoding"))]
        named += [(("line_encodings", n), name) for n, name in enumerate(more if isinstance(more, list) else ())]
        for where, name in named:
            if isinstance(name, str) and (words := encoding_mistake(name)):
                yield _at(tree, (*loc, *where), words)


def _source_mistakes(values: Mapping[str, Any], tree: yaml.Node) -> Iterator[Mistake]:
    """Files that a stage names in `sources` and that are no input: nothing would ever be of their authority."""
    paths = [spec.path for _, spec in _parsed(values.get("inputs"), Input)]
    known = {*paths, *(PurePath(path).name for path in paths)}
    for position, choice in _parsed(values.get("stages"), Choice):
        sources = choice.options.get("sources")
        for place, name in enumerate(sources if isinstance(sources, (list, tuple)) else ()):
            if isinstance(name, str) and name not in known and not name.startswith(tuple(f"{path}/" for path in paths)):
                words = _unknown("input", "输入文件", name, tuple(sorted(known)))
                yield _at(tree, ("stages", position, choice.name, "sources", place), words)


def _path_mistake(path: Path) -> Words | None:
    """What is wrong with the path of a raw file, which may be that of a member of a zip."""
    if not any(part.is_file() for part in (path, *path.parents)):
        return Words(f"there is no file {path}", f"没有文件 {path}")
    try:
        open_raw(path)
    except InputError as error:
        return Words(f"{path}: {error.words.en}", f"{path}：{error.words.zh}")
    return None


def _choice_mistakes(choice: Choice, catalog: Catalog[Any], tree: yaml.Node, loc: Loc) -> list[Mistake]:
    if choice.name not in catalog.names():
        words = _unknown(str(loc[-1]), "读取器" if loc[-1] == "reader" else "格式", choice.name, catalog.names())
        return [_at(tree, (*loc, choice.name), words)]
    kind = catalog.load(choice.name)
    try:
        kind.model_validate(dict(choice.options))
    except ValidationError as error:
        return list(_mistakes(error, tree, (*loc, choice.name), kind))
    return []


def _unknown(what_en: str, what_zh: str, name: str, known: tuple[str, ...]) -> Words:
    hint = meant(name, known)
    return Words(f"unknown {what_en} '{name}'; {hint.en}", f"未知的{what_zh}“{name}”；{hint.zh}")


def _mistakes(error: ValidationError, tree: yaml.Node, prefix: Loc, model: type[BaseModel]) -> Iterator[Mistake]:
    problems = error.errors()
    for problem in problems:
        deeper = [p for p in problems if p is not problem and p["loc"][: len(problem["loc"])] == problem["loc"]]
        if problem["type"] == "too_short" and deeper:
            continue  # it is only short of the items that are wrong themselves
        loc: Loc = (*prefix, *problem["loc"])
        yield _at(tree, loc, _words(dict(problem), model))


def _words(problem: Mapping[str, Any], model: type[BaseModel]) -> Words:
    loc: Loc = problem["loc"]
    key = str(loc[-1]) if loc and isinstance(loc[-1], str) else f"#{int(loc[-1]) + 1}" if loc else ""
    if problem["type"] == "extra_forbidden":
        return _unknown("key", "键", key, _known_keys(model, loc[:-1]))
    if problem["type"] == "value_error":
        cause = problem["ctx"]["error"].args[0]
        return cause if isinstance(cause, Words) else Words(str(cause), str(cause))
    sentence = SENTENCES.get(problem["type"])
    if sentence is None:
        return Words(f"'{key}': {problem['msg']}", f"“{key}”：{problem['msg']}")
    facts = {"key": key, **problem.get("ctx", {})}
    return Words(sentence.en.format(**facts), sentence.zh.format(**facts))


def _known_keys(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """The keys that may stand at `loc` of `model`; none where a mapping is free."""
    here: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        if not (isinstance(here, type) and issubclass(here, BaseModel)) or part not in here.model_fields:
            return ()
        here = _model_in(here.model_fields[part].annotation)
    return tuple(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else ()


def _model_in(annotation: Any) -> Any:
    """The model inside `Model | None` or `tuple[Model, ...]`; the annotation itself otherwise."""
    if get_origin(annotation) in (Union, types.UnionType, tuple, list):
        return next(
            (found for part in get_args(annotation) if (found := _model_in(part)) is not type(None)), annotation
        )
    return annotation


def _at(tree: yaml.Node, loc: Loc, words: Words) -> Mistake:
    """The mistake at the place in the file that `loc` leads to, as far as it leads."""
    node, mark = tree, tree.start_mark
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if pair is None:
                continue
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
    return Mistake(mark.line + 1, mark.column + 1, words)
