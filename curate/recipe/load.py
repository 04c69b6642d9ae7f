"""Reads a recipe file. All mistakes in it are named at once, each with line, column and what was probably meant."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

import curate.augmenters
import curate.stages
from curate.augmenters import Augmenter
from curate.decisions.reviews import REVIEWS
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.encoding_names import encoding_mistake
from curate.reading.detect_format import FORMATS
from curate.reading.parts import parts_of
from curate.reading.raw_rows import READERS
from curate.recipe.mistakes import (
    Loc,
    Mistake,
    duplicate_keys,
    mistake_at,
    recipe_error,
    size_written_out,
    unknown_name,
    validation_mistakes,
    yaml_mistake,
)
from curate.recipe.names_given import name_mistakes
from curate.recipe.stage_order import order_mistakes
from curate.stages import Stage
from curate.system.file_names import as_on_disk
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.errors import InputError, RecipeError
from schemas.input import Choice, Input, file_and_sheet
from schemas.recipe import Recipe, stages_with_reviews
from schemas.stage_names import TYPED, recorded_name, typed_name

STAGES = Catalog(curate.stages, Stage, TYPED)
AUGMENTERS = Catalog(curate.augmenters, Augmenter)

M = TypeVar("M", bound=BaseModel)
MOST_VALUES = 100_000
"""Values that a recipe may come to, with all its aliases written out: a few lines of them would fill any memory."""


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


def load_recipe(path: Path) -> RecipeFile:
    """Read the recipe in `path`, with its steps ready to run. Raises RecipeError with all mistakes, one a line."""
    return parse_recipe(_text(path), path)


def parse_recipe(text: str, path: Path) -> RecipeFile:
    """Check a recipe that is to be in `path`, where its paths start. Raises RecipeError with all mistakes."""
    tree, values = _read_yaml(text, path)
    if not isinstance(values, dict) or tree is None:
        sentence = Bilingual("a recipe is a mapping of keys to values", "配方必须是键值对")
        raise recipe_error(path, [Mistake(1, 1, sentence)])

    if "stages" not in values and (path.parent / REVIEWS).is_file():
        values["stages"] = stages_with_reviews()

    # Every check runs, also where another one has found a mistake: all of them are named at once.
    mistakes = [*duplicate_keys(tree), *_input_mistakes(values, tree, path.parent)]
    steps, step_mistakes = _steps(values, tree)
    mistakes += [
        *step_mistakes,
        *_source_mistakes(values, tree),
        *_both_names(values, tree),
        *order_mistakes(values, tree),
        *name_mistakes(values, tree),
    ]
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        raise recipe_error(path, [*mistakes, *validation_mistakes(error, tree, (), Recipe)]) from None
    if mistakes:
        raise recipe_error(path, mistakes)
    return RecipeFile(_as_on_disk(recipe, path.parent), tuple(steps), path.parent)


def _read_yaml(text: str, path: Path) -> tuple[yaml.Node | None, Any]:
    """Read a text as a tree and as values. Raises RecipeError for what is no YAML, or says more than a recipe can."""
    too_much = Bilingual(
        "a recipe is not that deep or that large, and its numbers and dates are short",
        "配方不会这样深、这样大，数字和日期也不会这样长",
    )
    try:
        tree = yaml.compose(text, yaml.SafeLoader)
        if size_written_out(tree) > MOST_VALUES:
            raise recipe_error(path, [Mistake(1, 1, too_much)])
        return tree, yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise recipe_error(path, [yaml_mistake(error, text)]) from None
    except (RecursionError, ValueError):  # a date that is none; more digits than Python reads
        raise recipe_error(path, [Mistake(1, 1, too_much)]) from None


def _as_on_disk(recipe: Recipe, folder: Path) -> Recipe:
    """Spell the paths of inputs as the disk does."""
    found = {spec.path: _spelled(spec.path, folder) for spec in recipe.inputs}
    if all(name == path for path, name in found.items()):
        return recipe
    return recipe.model_copy(
        update={"inputs": tuple(spec.model_copy(update={"path": found[spec.path]}) for spec in recipe.inputs)}
    )


def _spelled(path: str, folder: Path) -> str:
    if path.isascii():
        return path
    file, sheet = file_and_sheet(folder / path)
    on_disk = as_on_disk(file)
    if on_disk == file:
        return path
    whole = on_disk.with_name(f"{on_disk.name}#{sheet}") if sheet else on_disk
    return whole.as_posix() if Path(path).is_absolute() else whole.relative_to(folder).as_posix()


def build_steps(recipe: Recipe) -> tuple[Step, ...]:
    """Build the steps of a recipe that was found right before."""
    kinds: dict[str, type[Stage] | type[Augmenter]] = {}
    for choice in recipe.stages:
        catalog: Catalog[Any] = STAGES if choice.name in STAGES else AUGMENTERS
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


def _steps(values: Mapping[str, Any], tree: yaml.Node) -> tuple[list[Step], list[Mistake]]:
    """Build the steps that are right, and find the mistakes in the others. An item that is not even shaped like a stage
    is a mistake of the structure, and found there.
    """
    steps: list[Step] = []
    mistakes: list[Mistake] = []
    known = (*STAGES.names(), *AUGMENTERS.names())
    for position, choice in _parsed(values.get("stages", Recipe.model_fields["stages"].default), Choice):
        loc: Loc = ("stages", position)
        if choice.name not in STAGES and choice.name not in AUGMENTERS:
            mistakes.append(mistake_at(tree, (*loc, choice.name), unknown_name("stage", "阶段", choice.name, known)))
            continue

        kind: type[Stage] | type[Augmenter]
        kind = STAGES.load(choice.name) if choice.name in STAGES else AUGMENTERS.load(choice.name)
        try:
            steps.append(Step(recorded_name(choice.name), kind.model_validate(dict(choice.options))))
        except ValidationError as error:
            mistakes += validation_mistakes(error, tree, (*loc, choice.name), kind)
    return steps, mistakes


def _parsed(items: Any, kind: type[M]) -> Iterator[tuple[int, M]]:
    """Parse those items of a list that have the right structure; each with its index."""
    for index, item in enumerate(items if isinstance(items, (list, tuple)) else ()):
        with suppress(ValidationError):
            yield index, kind.model_validate(item)


def _input_mistakes(values: Mapping[str, Any], tree: yaml.Node, folder: Path) -> Iterator[Mistake]:
    """Find what is wrong with paths, readers, formats and encodings, also in inputs that have other mistakes."""
    inputs = values.get("inputs")
    owners: dict[str, str] = {}
    for position, spec in enumerate(inputs if isinstance(inputs, list) else ()):
        if not isinstance(spec, dict):
            continue
        loc: Loc = ("inputs", position)
        path = spec.get("path")
        for wrong in _path_mistakes(path, folder, owners) if isinstance(path, str) else ():
            yield mistake_at(tree, (*loc, "path"), wrong)
        for key, catalog in (("reader", READERS), ("format", FORMATS)):
            for _, choice in _parsed([spec.get(key)], Choice):
                yield from _choice_mistakes(choice, catalog, tree, (*loc, key))
        for key_loc, name in _encodings(spec):
            if isinstance(name, str) and (sentence := encoding_mistake(name)):
                yield mistake_at(tree, (*loc, *key_loc), sentence)


def _encodings(spec: Mapping[str, Any]) -> Iterator[tuple[Loc, Any]]:
    """List what stands in an input where the name of an encoding should, each with its keys."""
    yield ("encoding",), spec.get("encoding")
    names = spec.get("line_encodings")
    for index, name in enumerate(names if isinstance(names, list) else ()):
        yield ("line_encodings", index), name


def _source_mistakes(values: Mapping[str, Any], tree: yaml.Node) -> Iterator[Mistake]:
    """Find files that a stage names in `sources` or `weights` and that are no input: nothing would ever come of it."""
    paths = [spec.path for _, spec in _parsed(values.get("inputs"), Input)]
    files = {*paths, *(PurePath(path).name for path in paths)}
    within = tuple(f"{path}/" for path in paths)
    for position, choice in _parsed(values.get("stages"), Choice):
        for loc, name in _named_sources(choice.options):
            known = files | set(AUGMENTERS.names()) if loc[0] == "weights" else files
            if isinstance(name, str) and name not in known and not name.startswith(within):
                sentence = unknown_name("input", "输入文件", name, tuple(sorted(known)))
                yield mistake_at(tree, ("stages", position, choice.name, *loc), sentence)


def _named_sources(options: Mapping[str, Any]) -> Iterator[tuple[Loc, Any]]:
    """List what stands in a stage's options where the name of an input should, each with its keys."""
    sources, weights = options.get("sources"), options.get("weights")
    for index, name in enumerate(sources if isinstance(sources, (list, tuple)) else ()):
        yield ("sources", index), name
    for name in weights if isinstance(weights, dict) else ():
        yield ("weights", name), name


def _both_names(values: Mapping[str, Any], tree: yaml.Node) -> Iterator[Mistake]:
    """Find a stage under both of its names: nobody could say which settings are meant."""
    first: dict[str, str] = {}
    for position, choice in _parsed(values.get("stages"), Choice):
        other = first.setdefault(recorded_name(choice.name), choice.name)
        if other != choice.name:
            sentence = Bilingual(
                f"'{other}' and '{choice.name}' are two names of one stage; keep '{typed_name(choice.name)}'",
                f"“{other}”和“{choice.name}”是同一个阶段的两个名字；请只留“{typed_name(choice.name)}”",
            )
            yield mistake_at(tree, ("stages", position, choice.name), sentence)


def _path_mistakes(path: str, folder: Path, owners: dict[str, str]) -> Iterator[Bilingual]:
    """Find what is wrong with each file that a path names. `owners` has the path by which an earlier input names a
    file; it is filled.
    """
    try:
        parts = [part.path for part in parts_of(Input(path=path), folder)]
    except InputError as error:
        yield error.sentence
        return
    for part in parts:
        if sentence := _path_mistake(folder / part):
            yield sentence
        owner = owners.setdefault(part, path)
        if owner != path:
            yield Bilingual(
                f"the file {part} is named by {owner}, too; its rows would count twice",
                f"文件 {part} 也被 {owner} 匹配到；它的行会算两次",
            )


def _path_mistake(path: Path) -> Bilingual | None:
    """Say what is wrong with the path of a raw file, which may be that of a member of a zip or of a sheet."""
    path = as_on_disk(file_and_sheet(path)[0])
    if not any(folder.is_file() for folder in (path, *path.parents)):
        return Bilingual(f"there is no file {path}", f"没有文件 {path}")
    try:
        open_raw(path)
    except InputError as error:
        return Bilingual(f"{path}: {error.sentence.en}", f"{path}：{error.sentence.zh}")
    return None


def _choice_mistakes(choice: Choice, catalog: Catalog[Any], tree: yaml.Node, loc: Loc) -> list[Mistake]:
    if choice.name not in catalog.names():
        what_zh = "读取器" if loc[-1] == "reader" else "格式"
        sentence = unknown_name(str(loc[-1]), what_zh, choice.name, catalog.names())
        return [mistake_at(tree, (*loc, choice.name), sentence)]
    kind = catalog.load(choice.name)
    try:
        kind.model_validate(dict(choice.options))
    except ValidationError as error:
        return list(validation_mistakes(error, tree, (*loc, choice.name), kind))
    return []
