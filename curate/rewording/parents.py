"""The records that are said in other words: those that a training on the version would see, one of each question."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from curate.augmenters.reword import LastExchange, Reword, exchange_of
from curate.build.build import build
from curate.recipe.load import RecipeFile
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.system.progress import Progress
from schemas.digest import digest
from schemas.errors import InputError
from schemas.rewordings import REWORD, Part

PARTS: tuple[Part, ...] = ("question", "answer")


class Parent(NamedTuple):
    """A record of which one wants rewordings: what of it a model is shown."""

    id: str
    kind: str
    lang: str
    exchange: LastExchange


def stage_of(file: RecipeFile) -> Reword:
    """Find the stage that reads the rewordings. Raises InputError where the recipe has none."""
    for step in file.steps:
        if isinstance(step.does, Reword):
            return step.does
    raise InputError(
        "the recipe has no stage reword; add `- reword: {identity: 4, domain: 1}` to its `stages:`, behind identity "
        "and before split",
        "配方里没有 reword 阶段；请在 `stages:` 中 identity 之后、split 之前加上 `- reword: {identity: 4, domain: 1}`",
    )


def without_rewordings(file: RecipeFile) -> RecipeFile:
    """Take the stage out of a recipe."""
    stages = tuple(choice for choice in file.recipe.stages if choice.name != REWORD)
    steps = tuple(step for step in file.steps if step.name != REWORD)
    return replace(file, recipe=file.recipe.model_copy(update={"stages": stages}), steps=steps)


def version_without_rewordings(file: RecipeFile, store: Store, progress: Progress) -> Path:
    """Build the version of the recipe without the stage. The newest version of the dataset stays the newest one."""
    newest = store.head(file.recipe.name)
    version = build(without_rewordings(file), store, progress)
    if newest:
        store.make_newest(file.recipe.name, newest)
    return version


def parents_of(version: Path, stage: Reword, seed: int) -> list[Parent]:
    """Choose the records, by keyed digest, and identity and business in turn.

    Of identity rows one of each group is taken: all wordings of one question of a family stand in one.
    """
    records = sorted(_records(version, stage), key=lambda record: digest(seed, REWORD, record["id"]))
    seeds = {record["group"]: _parent(record) for record in reversed(records) if record["kind"] == "identity"}
    identity = list(reversed(seeds.values()))
    domain = [_parent(record) for record in records if record["kind"] == "domain"]
    in_turn = chain.from_iterable(zip_longest(identity, domain))
    return [parent for parent in in_turn if parent is not None]


def _records(version: Path, stage: Reword) -> Iterator[dict[str, Any]]:
    """Read the training records that may have rewordings: they end with a question and its answer."""
    for shard in read_manifest(version).trained_on():
        for record in read_jsonl(version / shard.name):
            exchange = exchange_of(record["messages"])
            if exchange and exchange.question.strip() and any(stage.wanted(record["kind"], part) for part in PARTS):
                yield record


def _parent(record: dict[str, Any]) -> Parent:
    exchange = exchange_of(record["messages"]) or LastExchange("", "")
    return Parent(record["id"], record["kind"], record["lang"], exchange)
