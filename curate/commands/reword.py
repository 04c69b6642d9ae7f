"""reword: a language model says questions in other words; what came becomes a file that the recipe reads."""

from dataclasses import dataclass
from pathlib import Path

from curate.llm.spending import Estimate
from curate.recipe.load import load_recipe
from curate.rewording.parents import stage_of
from curate.rewording.reword import RewordingPlan, RewordingsWritten, RewordingTask, plan_rewording, put_back, reword
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress


@dataclass(frozen=True)
class RewordFlags:
    """The options as they were written."""

    to: Path | None
    source: str | None
    limit: int | None
    dry_run: bool


def reword_command(recipe: Path, root: Path, flags: RewordFlags, *, as_json: bool) -> None:
    """Ask the model and print what came; or print what it would cost; or put back the file of a version."""
    file, store = load_recipe(recipe), Store(root)
    target = flags.to or file.folder / stage_of(file).file
    if flags.source:
        lines = put_back(store.find(flags.source), target)
        _print_lines(target, lines, as_json=as_json)
    else:
        with showing_progress() as progress:
            plan = plan_rewording(RewordingTask(file, store, target, flags.limit), progress)
            written = None if flags.dry_run else reword(plan, progress)
        if written is None:
            _print_estimate(plan, plan.estimate(), as_json=as_json)
        else:
            _print_written(plan, written, as_json=as_json)
    if not as_json:
        next_step(f"hornbook {'reword' if flags.dry_run else 'build'} {recipe}")


def _print_lines(target: Path, lines: int, *, as_json: bool) -> None:
    if as_json:
        emit({"file": str(target), "lines": lines})
        return
    echo(f"{target}: {lines} rewordings", f"{target}：{lines} 条改写")


def _print_estimate(plan: RewordingPlan, estimate: Estimate, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "records": plan.records, "requests": len(plan.requests), "calls": estimate.calls,
                "cached": estimate.cached, "tokens_in": estimate.tokens_in, "tokens_out": estimate.tokens_out,
                "money": estimate.money, "currency": estimate.price.currency if estimate.price else None,
            }
        )  # fmt: skip
        return
    _print_plan(plan)
    sentence = estimate.sentence()
    echo(sentence.en, sentence.zh)


def _print_plan(plan: RewordingPlan) -> None:
    asked = len({one.parent.id for one in plan.asked})
    echo(
        f"{plan.records} records may have rewordings, {asked} are asked for, in {len(plan.requests)} requests",
        f"{plan.records} 条记录可以改写，本次请求 {asked} 条，共 {len(plan.requests)} 个请求",
    )


def _print_written(plan: RewordingPlan, written: RewordingsWritten, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "file": str(written.target), "records": plan.records, "requests": len(plan.requests),
                "lines": written.lines, "new": written.new, "faults": dict(written.faults),
            }
        )  # fmt: skip
        return
    _print_plan(plan)
    echo(
        f"{written.target}: {written.lines} rewordings, {written.new} of them new; the build decides which are learnt",
        f"{written.target}：{written.lines} 条改写，其中新增 {written.new} 条；哪些可用由构建时的检查决定",
    )
    for fault, number in written.faults.items():
        echo(f"  of no use, {fault}: {number}", f"  不可用，{fault}：{number}")
