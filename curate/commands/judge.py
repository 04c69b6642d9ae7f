"""judge: a language model compares the answers of two contestants of an exam, without knowing whose is whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from curate.commands.blind import known_probes
from curate.experiments.blind_pairs import TASTE
from curate.judging.judge import JudgePlan, JudgeTask, judge, plan_judging
from curate.recipe.load import RecipeFile, load_recipe
from curate.store.store import Store
from curate.terminal.blind import print_judged
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress
from curate.workflow import job_for
from schemas.errors import InputError
from schemas.llm import LlmSettings


@dataclass(frozen=True)
class JudgeFlags:
    """The options as they were written."""

    run: Path | None
    of: str
    against: str
    probes: Sequence[str]
    limit: int | None
    dry_run: bool


def judge_command(recipe: Path, root: Path, flags: JudgeFlags, *, as_json: bool) -> None:
    """Ask the judge about each pair in both orders, and print what it says; or print what that would cost."""
    file, store = load_recipe(recipe), Store(root)
    probes = known_probes(flags.probes) or TASTE
    run = flags.run or Path(job_for(recipe, store, None)[1].run)
    plan = plan_judging(JudgeTask(run, _judge_of(file), store, flags.of, flags.against, probes, flags.limit))
    if flags.dry_run:
        _print_estimate(plan, as_json=as_json)
        return
    with showing_progress() as progress:
        contest = judge(plan, progress)
    if as_json:
        emit({"file": str(plan.task.files.judge), **contest.model_dump(mode="json")})
        return
    print_judged(Console(), contest)
    if flags.run is None:
        next_step(f"hornbook report {recipe}")


def _judge_of(file: RecipeFile) -> LlmSettings:
    """Find the model that judges. Raises InputError where the recipe names none."""
    settings = file.recipe.judge or file.recipe.llm
    if settings is None:
        raise InputError(
            "the recipe names no judge; add `judge: {base_url: http://localhost:8000/v1, model: NAME}`, or `llm:`",
            "配方里没有评委模型；请加上 `judge: {base_url: http://localhost:8000/v1, model: 模型名}`，或 `llm:`",
        )
    return settings


def _print_estimate(plan: JudgePlan, *, as_json: bool) -> None:
    estimate, pairs = plan.estimate(), len(plan.pairs)
    if as_json:
        emit({"pairs": pairs, "found": len(plan.found.pairs), **estimate.document()})
        return
    echo(
        f"{len(plan.found.pairs)} pairs of different answers, {pairs} are asked about, each in both orders",
        f"有 {len(plan.found.pairs)} 对不同的回答，本次评 {pairs} 对，每对按两种顺序各问一次",
    )
    sentence = estimate.sentence()
    echo(sentence.en, sentence.zh)
