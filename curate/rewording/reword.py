"""From a recipe to a file of rewordings: choose the records, ask the model, write down what came."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from curate.augmenters.reword import Reword
from curate.build.plan import tools_of
from curate.erasure.forgotten import Forgotten
from curate.llm.client import Client, OnAsking
from curate.llm.reply import ModelReply
from curate.llm.request import Request
from curate.llm.spending import AskProgress, Estimate
from curate.privacy.release_gate import check_outgoing
from curate.recipe.load import RecipeFile
from curate.rewording.candidates import REWORDINGS, Asked, Masking, held_by, lines_of, merged, write
from curate.rewording.parents import PARTS, Parent, parents_of, stage_of, version_without_rewordings
from curate.rewording.prompts import Variants, request_of
from curate.stages.mask import Mask, gate_of
from curate.store.keyed_lines import put_copy_back
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.system import interrupts
from curate.system.progress import Progress
from schemas.bilingual import Bilingual
from schemas.errors import GateError, InputError
from schemas.llm import LlmSettings
from schemas.rewordings import Part, Rewording
from schemas.version_files import VersionFiles


class Asking(Protocol):
    """Who asks a model: the client of the recipe's endpoint, or whoever stands in for it."""

    def estimate(self, requests: Sequence[Request]) -> Estimate: ...

    def ask(self, requests: Sequence[Request], on_progress: OnAsking) -> Iterator[tuple[int, ModelReply]]: ...


AskingOf = Callable[[LlmSettings, Path], Asking]
"""Makes a client of the settings and the folder of its cache."""


@dataclass(frozen=True)
class RewordingTask:
    """What is wanted: rewordings of the records of a recipe in the file `target`, of `limit` records at most."""

    file: RecipeFile
    store: Store
    target: Path
    limit: int | None = None
    client_of: AskingOf = Client


@dataclass(frozen=True)
class RewordingPlan:
    """What will be asked, and of which version; nothing was sent yet."""

    file: RecipeFile
    target: Path
    records: int
    """How many records may have rewordings."""
    held: tuple[Rewording, ...]
    """What the file holds already."""
    asked: tuple[Asked, ...]
    requests: tuple[Request, ...]
    client: Asking

    def estimate(self) -> Estimate:
        return self.client.estimate(self.requests)


@dataclass(frozen=True)
class RewordingsWritten:
    """What came: the file, the lines in it, how many are new, and how many replies or texts are no use, by reason."""

    target: Path
    lines: int
    new: int
    faults: Mapping[str, int]


def plan_rewording(task: RewordingTask, progress: Progress) -> RewordingPlan:
    """Build the version without rewordings, and say what is to be asked.

    A record that the file holds enough rewordings of, by the recipe's model, is not asked for again. Raises
    InputError for a recipe without the stage or a model, GateError for a text that holds personal data.
    """
    file, store = task.file, task.store
    stage, settings, held = stage_of(file), _settings(file), held_by(task.target)
    version = version_without_rewordings(file, store, progress)
    parents = parents_of(version, stage, file.recipe.seed)
    gone = set(Forgotten.of(store, file.recipe.name).among(sorted({line.parent for line in held})))
    held = [line for line in held if line.parent not in gone]

    counted = Counter((line.parent, line.part) for line in held if line.model == settings.model)
    by_record = [_asked(parent, stage, counted) for parent in parents]
    asked = [one for parts in [parts for parts in by_record if parts][: task.limit] for one in parts]
    check_masked(asked, file)
    requests = tuple(request_of(one.parent.lang, one.parent.exchange, one.part, one.number) for one in asked)
    client = task.client_of(settings, store.model_answers(file.recipe.name))
    return RewordingPlan(file, task.target, len(parents), tuple(held), tuple(asked), requests, client)


def _settings(file: RecipeFile) -> LlmSettings:
    if file.recipe.llm is None:
        raise InputError(
            "the recipe names no language model; add `llm: {base_url: http://localhost:8000/v1, model: NAME}`",
            "配方里没有语言模型；请加上 `llm: {base_url: http://localhost:8000/v1, model: 模型名}`",
        )
    return file.recipe.llm


def _asked(parent: Parent, stage: Reword, held: Mapping[tuple[str, Part], int]) -> list[Asked]:
    """Say what is asked of a record: half as many rewordings more than it may get, since the gate refuses some."""
    wanted = {part: stage.wanted(parent.kind, part) for part in PARTS}
    missing = {part: number for part, number in wanted.items() if held.get((parent.id, part), 0) < number}
    return [Asked(parent, part, number + (number + 1) // 2) for part, number in missing.items()]


def check_masked(asked: Sequence[Asked], file: RecipeFile) -> None:
    """Check every text once more before it leaves. Raises GateError naming the first records, and no text."""
    texts = {one.parent.id: one.parent.exchange for one in asked}
    check_outgoing(texts, gate_of(file.recipe, tools_of(file).identity))


def reword(plan: RewordingPlan, progress: Progress) -> RewordingsWritten:
    """Ask the model, and write the file.

    Raises ServiceError where the endpoint fails or the budget is spent: what came is kept by the client, and the same
    call goes on there. Raises GateError where not one rewording came.
    """
    answered: dict[Asked, Sequence[str]] = {}
    faults: Counter[str] = Counter()

    def on_progress(asking: AskProgress) -> None:
        progress(f"reword  {asking.sentence()}", asking.done, asking.total)

    with interrupts.explained(_interrupted):
        for index, reply in plan.client.ask(plan.requests, on_progress) if plan.requests else ():
            if isinstance(reply.value, Variants):
                answered[plan.asked[index]] = reply.value.variants
            else:
                faults[reply.fault] += 1
        return _write(plan, answered, faults)


def _interrupted() -> Bilingual:
    return Bilingual(
        "interrupted while rewording; every answer that came is kept, and the same command goes on there",
        "改写被中断；已得到的回复都已保留，再次运行同一条命令即可继续",
    )


def _write(plan: RewordingPlan, answered: Mapping[Asked, Sequence[str]], faults: Counter[str]) -> RewordingsWritten:
    new = lines_of(answered, _settings(plan.file).model, _masking(plan.file))
    lines = merged(plan.held, {asked.key for asked in answered}, new)
    if not lines:
        why = ", ".join(f"{number} {fault}" for fault, number in sorted(faults.items())) or "0"
        raise GateError(
            f"not one rewording of {plan.records} records came ({why}); nothing was written",
            f"{plan.records} 条记录没有得到一条改写（{why}）；没有写出任何内容",
        )
    write(plan.target, lines)
    masked = sum(line.masked for line in new)
    counts = {**faults, **({"personal_data": masked} if masked else {})}
    return RewordingsWritten(plan.target, len(lines), len(new), dict(sorted(counts.items())))


def _masking(file: RecipeFile) -> Masking:
    """Take the stage of the recipe that masks: the recipe has one before the rewordings, or it is wrong."""
    tools = tools_of(file)
    mask = next((step.does for step in file.steps if isinstance(step.does, Mask)), Mask())
    return Masking(mask, gate_of(file.recipe, tools.identity), tools)


def put_back(version: Path, target: Path) -> int:
    """Write the rewordings of a version beside a recipe, and give the number of lines.

    Raises InputError where the version has none, or where other rewordings stand there.
    """
    copy = VersionFiles(version).rewordings
    if not read_manifest(version).rewordings:
        raise InputError(f"{version} was made without rewordings", f"{version} 构建时没有改写文件")
    lines, there = held_by(copy), held_by(target)
    put_copy_back(copy, target, bool(there), REWORDINGS)
    return len(lines)
