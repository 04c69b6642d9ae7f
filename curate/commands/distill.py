"""distill: the base model answers the general records; what it said becomes a file that the recipe reads."""

from pathlib import Path

import yaml

from curate.distillation import Distilled, check_target, distill, distill_job, reason_of, version_to_answer
from curate.recipe.load import RecipeFile, load_recipe
from curate.stages.replay import Replay
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress
from schemas.recipe import STAGES
from schemas.stage_names import typed_name

FILE = "base_answers.jsonl"
BEHIND = "mix"


def distill_command(  # noqa: PLR0913 - an option a parameter
    recipe: Path, root: Path, version: str | None, to: Path | None, tokens: int, *, as_json: bool
) -> None:
    """Let the base model answer, and print how many answers there are, what was left out, and what to add where."""
    file, store = load_recipe(recipe), Store(root)
    target = to or recipe.parent / FILE
    check_target(target, file)
    with showing_progress() as progress:
        folder = version_to_answer(file, store, version, progress)
        result = distill(file, distill_job(file, folder, store, tokens), target, progress)
    line = stage_line(target, file)
    if as_json:
        emit(
            {
                "answers": str(result.answers), "settings": str(result.settings), "records": result.asked,
                "written": result.written, "left_out": dict(result.left_out), "stage": line,
            }
        )  # fmt: skip
        return
    _print_result(result)
    if not is_read(target, file):
        _print_line(line, file)
    next_step(f"hornbook build {recipe}")


def _print_result(result: Distilled) -> None:
    echo(
        f"{result.answers}: {result.written} answers to {result.asked} general records",
        f"{result.answers}：{result.asked} 条通用数据中写出 {result.written} 个回答",
    )
    for reason, number in result.left_out.items():
        echo(f"  left out, {reason_of(reason)}: {number}", f"  未用，{reason_of(reason)}：{number}")
    echo(f"asked of whom and how: {result.settings}", f"由谁、怎样作答：{result.settings}")


def _print_line(line: str, file: RecipeFile) -> None:
    """Say what to add to the recipe: one line, or all stages where the recipe names none."""
    if file.recipe.stages != STAGES:
        echo(f"add to the stages, behind `{BEHIND}`: - {line}", f"请加到 stages 里 `{BEHIND}` 之后：- {line}")
        return
    names = [typed_name(choice.name) for choice in STAGES]
    behind = names.index(BEHIND) + 1
    stages = f"stages: [{', '.join([*names[:behind], f'{{{line}}}', *names[behind:]])}]"
    echo(f"add to the recipe: {stages}", f"请加到配方里：{stages}")


def stage_line(target: Path, file: RecipeFile) -> str:
    """Write the stage that reads the file as a recipe has it, with its path from the recipe's folder."""
    path, folder = target.resolve(), file.folder.resolve()
    short = path.relative_to(folder) if path.is_relative_to(folder) else path
    options = yaml.safe_dump({"answers": short.as_posix()}, default_flow_style=True, allow_unicode=True, width=10**6)
    return f"replay: {options.strip()}"


def is_read(target: Path, file: RecipeFile) -> bool:
    """Tell whether the recipe has a stage that reads the file."""
    paths = [file.folder / step.does.answers for step in file.steps if isinstance(step.does, Replay)]
    return any(path.samefile(target) for path in paths if path.is_file())
