"""run, build, train, exam, report: from raw files to an examined model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from curate.build.build import BuildOptions, build
from curate.report.diagnoses import Diagnosis
from curate.store.quarantine import MaxBad
from curate.store.store import Store
from curate.terminal.exam_tables import print_result
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress
from curate.terminal.tables import print_preflight, print_training, print_version
from curate.workflow import (
    COUNTED,
    RunResult,
    job_for,
    preflight,
    run_recipe,
    train,
    training_facts,
    write_report,
)
from schemas.errors import GateError
from schemas.exam import ExamResult
from schemas.run_files import RunFiles


@dataclass(frozen=True)
class BuildFlags:
    """The options of a build as they were written."""

    max_bad: str
    jobs: int
    shard_rows: int


def run_command(recipe: Path, root: Path, until: str, flags: BuildFlags, *, as_json: bool) -> None:
    """Build, train, examine and report, up to the step `until`, and print the result and what to do next."""
    max_bad = MaxBad.of(flags.max_bad) if flags.max_bad else None
    build_recipe = partial(build, max_bad=max_bad, options=BuildOptions(flags.jobs, flags.shard_rows))
    with showing_progress() as progress:
        result = run_recipe(recipe, Store(root), until, progress, build_recipe)
    if as_json:
        emit(result_document(result))
        return

    show_result(result)
    if result.training is not None:
        print_training(result.training)
    _print_quarantine(result, Store(root))
    if result.manifest.train_rows == 0:
        echo(
            "nothing is left to train on: hornbook dropped shows what became of the rows",
            "没有留下可训练的内容：用 hornbook dropped 查看各行的去向",
        )

    if until == "build":
        name, identity = result.manifest.name, result.manifest.identity
        can_train = identity is not None and (identity.zh or identity.en)
        next_step(
            *([f"hornbook train {recipe}"] if can_train else []), f"hornbook show {name}", f"hornbook dropped {name}"
        )


def _print_quarantine(result: RunResult, store: Store) -> None:
    """Print how many rows could not be read, and where they are kept."""
    if bad := sum(file.bad for file in result.manifest.inputs):
        path = store.quarantine(result.manifest.name)
        echo(
            f"{bad} rows could not be read; they are in {path}, with the reasons",
            f"有 {bad} 行无法读取；原文和原因在 {path}",
        )


def train_command(recipe: Path, root: Path, version: str | None, *, as_json: bool) -> None:
    """Train an adapter on a version, the newest where none is named, and print where it lies."""
    _, job = job_for(recipe, Store(root), version)
    with showing_progress() as progress:
        was_trained = train(job, progress)
    if as_json:
        emit({"run": job.run, "trained": was_trained, "training": _training_document(training_facts(job))})
        return
    print_training(training_facts(job))
    adapter = RunFiles(Path(job.run)).adapter
    echo(f"adapter: {adapter}", f"适配器：{adapter}")
    next_step(f"hornbook exam {recipe}")


def check_command(recipe: Path, root: Path, version: str | None, *, as_json: bool) -> None:
    """Print all that stands against a training, and what it would train on, without a step. Raises GateError."""
    _, job = job_for(recipe, Store(root), version)
    with showing_progress() as progress:
        found = preflight(job, progress)
    if as_json:
        emit(found.model_dump(mode="json"))
    else:
        print_preflight(found, RunFiles(Path(job.run)).untrained)
    if not as_json and (row := next((row for finding in found.findings for row in finding.rows), None)):
        next_step(f"hornbook labels {job.version} --row {row} --recipe {recipe}")
    if n := len(found.findings):
        checks = "1 check" if n == 1 else f"{n} checks"
        raise GateError(f"the training would not start: {checks} failed", f"训练不会开始：{n} 项检查未通过")
    if not as_json:
        next_step(f"hornbook train {recipe}")


def report_command(recipe: Path, root: Path, version: str | None, *, as_json: bool) -> None:
    """Write report.html of a version and its training run, and print where it lies."""
    _, job = job_for(recipe, Store(root), version)
    run = Path(job.run)
    page = write_report(Path(job.version), run if run.is_dir() else None)
    if as_json:
        emit({"report": str(page)})
        return
    echo(f"report: {page}", f"报告：{page}")


def result_document(result: RunResult) -> dict[str, Any]:
    """Describe a run as `--json` prints it."""
    return {
        "version": result.manifest.id,
        "path": str(result.version),
        "train_rows": result.manifest.train_rows,
        "training": _training_document(result.training) if result.training else None,
        "exam": _measures(result.exam) if result.exam else None,
        "diagnoses": [_diagnosis(found) for found in result.diagnoses],
        "report": str(result.report) if result.report else None,
    }


def _diagnosis(found: Diagnosis) -> dict[str, str]:
    """Describe a diagnosis, in the language of the session."""
    return {"name": found.name, "evidence": str(found.evidence), "advice": str(found.advice)}


def _training_document(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Collect how many conversations were trained on, in how many samples, and what was skipped and why."""
    return {key: facts[key] for key in COUNTED}


def _measures(exam: ExamResult) -> dict[str, Any]:
    """Collect the measures of both models, and their comparisons, by name."""
    measures = {
        sheet: {
            m.name: m.model_dump(mode="json", exclude={"name", "asked", "family_of"})
            for m in getattr(exam, sheet).measures
        }
        for sheet in ("base", "tuned")
    }
    return {
        **measures,
        "comparisons": [comparison.model_dump(mode="json") for comparison in exam.comparisons],
        "contestants": {sheet.model: {m.name: m.value for m in sheet.measures} for sheet in exam.contestants},
        "contests": {
            name: [comparison.model_dump(mode="json") for comparison in found] for name, found in exam.contests.items()
        },
    }


def show_result(result: RunResult) -> None:
    """Print the version, or the exam where there was one."""
    console = Console()
    if result.exam is None:
        print_version(console, result.manifest)
        echo(f"version: {result.version}", f"版本：{result.version}")
    else:
        print_result(console, result.manifest, result.exam, result.diagnoses, result.report)
