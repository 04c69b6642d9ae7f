"""sweep: one setting varied, everything else equal, and what several seeds of each can show."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curate.recipe.load import load_recipe
from curate.sweeps.arms import variation_of
from curate.sweeps.picture import sweep_picture
from curate.sweeps.pooled import PooledMeasure, chosen, pooled, smallest_difference
from curate.sweeps.running import PlannedSweep, plan_sweep, run_sweep
from curate.system.disk import replace_durably
from curate.terminal.printing import echo, emit
from curate.terminal.progress import showing_progress
from schemas.digest import canonical, digest


def sweep_command(  # noqa: PLR0913 - an option a parameter
    recipe: Path, vary: list[str], seeds: int, root: Path, *, dry_run: bool, as_json: bool
) -> None:
    """Build, train and examine every arm with every seed, and print what they differ in.

    First it says how many trainings that takes, and the smallest difference that they can show.
    """
    variations = [variation_of(text) for text in vary]
    settings = load_recipe(recipe).recipe
    margin = settings.exam.margin
    with showing_progress() as progress:
        planned = plan_sweep(recipe, variations, seeds, root, progress)
    if not as_json:
        _announce(planned, seeds)
    if dry_run:
        if as_json:
            emit(_planned_document(planned, seeds))
        return
    with showing_progress() as progress:
        results = run_sweep(planned, progress)
    measured = [pooled(found) for found in results]
    base = pooled(results[0], base=True)
    document = _document(planned, measured, base, margin)
    folder = root / "sweeps" / "results" / settings.name / digest("sweep", vary, seeds)[:12]
    folder.mkdir(parents=True, exist_ok=True)
    replace_durably(folder / "sweep.json", f"{canonical(document)}\n".encode())
    replace_durably(
        folder / "sweep.svg", sweep_picture([arm.arm.name for arm in planned.arms], measured, base).encode()
    )
    if as_json:
        emit(document)
        return
    _print(planned, measured, base, margin)
    echo(f"picture and numbers: {folder}", f"图和数据：{folder}")


def _announce(planned: PlannedSweep, seeds: int) -> None:
    """Say what will be run, and what it can show at best."""
    arms = len(planned.arms)
    steps_en = f"{planned.steps} steps each" if planned.steps else "as many steps as each arm asks for"
    steps_zh = f"每次 {planned.steps} 步" if planned.steps else "步数由各组设置决定"
    echo(
        f"{arms} arms × {seeds} seeds = {arms * seeds} trainings and exams, {steps_en}",
        f"{arms} 组 × {seeds} 个种子 = {arms * seeds} 次训练和考试，{steps_zh}",
    )
    least = smallest_difference(planned.paper, seeds)
    if least:
        points = ", ".join(f"{name} {value:.0%}" for name, value in least.items())
        echo(
            f"smallest difference of two rates that so many questions and seeds can show, at best: {points}",
            f"这么多题目和种子最多能看出的最小差别：{points}",
        )
    if len({arm.version for arm in planned.arms}) < arms and not _trains_differently(planned):
        echo("some arms have the same version and settings", "有几组的版本和设置完全相同")


def _trains_differently(planned: PlannedSweep) -> bool:
    return len({(arm.version, arm.jobs[0].train.model_dump_json()) for arm in planned.arms}) == len(planned.arms)


def _planned_document(planned: PlannedSweep, seeds: int) -> dict[str, Any]:
    """Describe what will be run, and what it can show at best."""
    arms = [{"settings": dict(arm.arm.settings), "version": arm.version} for arm in planned.arms]
    least = smallest_difference(planned.paper, seeds)
    return {"arms": arms, "seeds": seeds, "steps": planned.steps, "smallest_difference": least}


def _document(
    planned: PlannedSweep,
    measured: list[dict[str, PooledMeasure]],
    base: dict[str, PooledMeasure],
    margin: float,
) -> dict[str, Any]:
    """Describe the sweep as `--json` prints it and `sweep.json` keeps it."""
    best, is_within = chosen(measured, margin)
    return {
        "steps": planned.steps,
        "margin": margin,
        "base": {name: measure._asdict() for name, measure in base.items()},
        "arms": [
            {
                "settings": dict(arm.arm.settings),
                "version": arm.version,
                "runs": [job.run for job in arm.jobs],
                "measures": {name: measure._asdict() for name, measure in measures.items()},
            }
            for arm, measures in zip(planned.arms, measured, strict=True)
        ],
        "chosen": {"settings": dict(planned.arms[best].arm.settings), "is_within_margin": is_within},
    }


def _print(
    planned: PlannedSweep, measured: list[dict[str, PooledMeasure]], base: dict[str, PooledMeasure], margin: float
) -> None:
    """Print the arms side by side, and which one to take."""
    table = Table()
    table.add_column("")
    for name in ("base", *(arm.arm.name for arm in planned.arms)):
        table.add_column(name, justify="right", overflow="fold")
    for name in dict.fromkeys(name for measures in measured for name in measures):
        cells = [_cell(base.get(name)), *(_cell(measures.get(name)) for measures in measured)]
        table.add_row(name, *cells)
    Console().print(table)
    best, is_within = chosen(measured, margin)
    arm = planned.arms[best].arm.name
    if is_within:
        echo(
            f"{arm} is the first that lies within {margin:.0%} of the best in every measure",
            f"{arm} 是第一个在每项指标上都与最好的相差不超过 {margin:.0%} 的",
        )
    else:
        echo(
            f"none lies within {margin:.0%} of the best in every measure; {arm} lies least behind",
            f"没有一组在每项指标上都与最好的相差不超过 {margin:.0%}；{arm} 差得最少",
        )


def _cell(measure: PooledMeasure | None) -> str:
    if measure is None:
        return ""
    if measure.name.startswith("perplexity"):
        return f"{measure.value:.1f}\n{measure.low:.1f}–{measure.high:.1f}"
    return f"{measure.value:.0%}\n{measure.low:.0%}–{measure.high:.0%}"
