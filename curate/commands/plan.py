"""plan: a training in numbers before it takes a step, the known failures in it, and the settings that mend them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console

from curate.build.build import build
from curate.planning.recipe_fix import write_settings
from curate.planning.version_plan import version_plan
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.terminal.plan_tables import print_plan, print_plan_findings
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress
from curate.trainer import job_of
from schemas.errors import GateError
from schemas.plan_findings import PlanFinding, plan_findings
from schemas.preflight import Preflight
from schemas.run_files import RunFiles
from schemas.training_plan import TrainingPlan


def plan_command(recipe: Path, root: Path, *, fix: bool, as_json: bool) -> None:
    """Build the version of a recipe and print the plan of its training; `fix` writes the settings that are proposed.

    Raises GateError where a known failure is certain and is not mended.
    """
    file, store = load_recipe(recipe), Store(root)
    with showing_progress() as progress:
        version = build(file, store, progress)
    run = Path(job_of(file, version, read_manifest(version), store).run)
    plan = _counted(run) or version_plan(version, file.recipe.train)
    findings = plan_findings(plan)
    if not as_json:
        print_plan(Console(), plan)
        print_plan_findings(findings)

    diff = write_settings(recipe, findings) if fix else ""
    if as_json:
        emit(_document(plan, findings, diff))
    else:
        _print_fix(recipe, findings, diff)
    certain = [finding for finding in findings if finding.is_certain and not (diff and finding.changes)]
    if certain:
        n = "1 known failure is" if len(certain) == 1 else f"{len(certain)} known failures are"
        raise GateError(f"{n} certain", f"有 {len(certain)} 个已知的失败必然发生")


def _counted(run: Path) -> TrainingPlan | None:
    """Read the plan that the trainer counted for this very run; None where it has not looked yet."""
    path = RunFiles(run).preflight
    try:
        return Preflight.model_validate_json(path.read_bytes()).plan if path.is_file() else None
    except ValidationError:  # another release wrote it
        return None


def _document(plan: TrainingPlan, findings: Sequence[PlanFinding], diff: str) -> dict[str, Any]:
    """Describe a plan as `--json` prints it."""
    languages = sorted({dose.lang for dose in plan.doses})
    return {
        **plan.model_dump(mode="json"),
        "rows": plan.rows,
        "identity_seen": round(plan.identity_seen, 4),
        "naming_share": {lang: round(plan.naming_share(lang), 4) for lang in languages},
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "diff": diff,
    }


def _print_fix(recipe: Path, findings: Sequence[PlanFinding], diff: str) -> None:
    """Print what was written, or how to have it written."""
    if diff:
        print(diff)
        next_step(f"hornbook plan {recipe}")
    elif any(finding.changes for finding in findings):
        next_step(f"hornbook plan {recipe} --fix", f"hornbook train {recipe} --check")
    elif not findings:
        echo("no known failure is in this plan", "这个计划里没有已知的失败")
        next_step(f"hornbook train {recipe} --check")
