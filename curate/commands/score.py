"""score: a judge and the local model score answers; what they say becomes a file that the recipe reads."""

from dataclasses import dataclass
from pathlib import Path

from curate.llm.spending import Estimate
from curate.recipe.load import RecipeFile, load_recipe
from curate.scoring.records import file_of_scores, reads_scores
from curate.scoring.score import SCORERS, ScoresWritten, ScoringPlan, ScoringTask, plan_scoring, score
from curate.scoring.score_file import put_back
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress
from schemas.skip_reasons import SKIP_REASONS


@dataclass(frozen=True)
class ScoreFlags:
    """The options as they were written."""

    to: Path | None
    only: str | None
    source: str | None
    limit: int | None
    dry_run: bool


def score_command(recipe: Path, root: Path, flags: ScoreFlags, *, as_json: bool) -> None:
    """Let models score and print what came; or print what it would cost; or put back the file of a version."""
    file, store = load_recipe(recipe), Store(root)
    target = flags.to or file_of_scores(file)
    if flags.source:
        lines = put_back(store.find(flags.source), target)
        _print_lines(target, lines, as_json=as_json)
    else:
        scorers = tuple(scorer for scorer in SCORERS if flags.only in (None, scorer))
        with showing_progress() as progress:
            plan = plan_scoring(ScoringTask(file, store, target, flags.limit, scorers), progress)
            written = None if flags.dry_run else score(plan, progress)
        if written is None:
            _print_estimate(plan, as_json=as_json)
        else:
            _print_written(plan, written, as_json=as_json)
    if not as_json:
        if not flags.dry_run and not reads_scores(file, target):
            _print_line(target, file)
        next_step(f"hornbook {'score' if flags.dry_run else 'build'} {recipe}")


def _print_lines(target: Path, lines: int, *, as_json: bool) -> None:
    if as_json:
        emit({"file": str(target), "lines": lines})
        return
    echo(f"{target}: {lines} scored records", f"{target}：{lines} 条记录的评分")


def _print_estimate(plan: ScoringPlan, *, as_json: bool) -> None:
    estimate = plan.judging.estimate() if plan.judging else Estimate(0, 0, 0, 0, None)
    if as_json:
        emit(
            {
                "records": plan.records, "to_judge": _to_judge(plan), "to_read": len(plan.reading),
                "calls": estimate.calls, "cached": estimate.cached, "tokens_in": estimate.tokens_in,
                "tokens_out": estimate.tokens_out, "money": estimate.money,
                "currency": estimate.price.currency if estimate.price else None,
            }
        )  # fmt: skip
        return
    _print_plan(plan)
    if plan.judging:
        sentence = estimate.sentence()
        echo(sentence.en, sentence.zh)


def _to_judge(plan: ScoringPlan) -> int:
    return len(plan.judging.records) if plan.judging else 0


def _print_plan(plan: ScoringPlan) -> None:
    echo(
        f"{plan.records} records may have scores; {_to_judge(plan)} go to the judge, twice each, and "
        f"{len(plan.reading)} to the local model",
        f"{plan.records} 条记录可以打分；本次交评审模型 {_to_judge(plan)} 条（各两次），"
        f"交本地模型 {len(plan.reading)} 条",
    )


def _print_written(plan: ScoringPlan, written: ScoresWritten, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "file": str(written.target), "records": plan.records, "lines": written.lines,
                "judged": written.judged, "read": written.read, "agreement": written.agreement,
                "faults": dict(written.faults),
            }
        )  # fmt: skip
        return
    _print_plan(plan)
    echo(
        f"{written.target}: {written.lines} scored records; new: {written.judged} by the judge, {written.read} by the "
        "local model",
        f"{written.target}：{written.lines} 条记录的评分；新增：评审模型 {written.judged} 条，"
        f"本地模型 {written.read} 条",
    )
    if written.agreement is not None:
        echo(
            f"the judge agrees with itself by {written.agreement:.0%} (100%: the same marks twice)",
            f"评审模型两次打分的一致度 {written.agreement:.0%}（100% 为两次全同）",
        )
    for fault, number in written.faults.items():
        reason = SKIP_REASONS.get(fault)
        echo(
            f"  without a score, {reason.en if reason else fault}: {number}",
            f"  没有评分，{reason.zh if reason else fault}：{number}",
        )


def _print_line(target: Path, file: RecipeFile) -> None:
    """Say what to add to the recipe, with the path from its folder."""
    path, folder = target.resolve(), file.folder.resolve()
    short = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
    echo(
        f"add to the stage quality of the recipe: quality: {{scores: {short}}}",
        f"请在配方的 quality 阶段加上：quality: {{scores: {short}}}",
    )
