"""exam: base and tuned model on the same questions, an adapter from elsewhere, the user's own papers, earlier runs."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from curate.commands.run import result_document, show_result
from curate.examination.endpoint import endpoint_estimate, sits
from curate.examination.exam_paper import write_exam_paper
from curate.examination.foreign_adapter import exam_of_adapter
from curate.examination.own_paper import OwnPaper, read_paper
from curate.examination.run_comparison import RunComparison, compare_runs, earlier_run
from curate.reading.readers import listed
from curate.report.labels import in_a_list
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.terminal.exam_tables import print_run_comparison
from curate.terminal.printing import echo, emit, next_step
from curate.terminal.progress import showing_progress
from curate.workflow import RunResult, diagnosed, exam, exam_result, job_for, write_report
from schemas.bilingual import NOTHING
from schemas.errors import GateError, InputError
from schemas.exam import ExamPaper, ExamResult
from schemas.job import Job
from schemas.run_files import RunFiles


@dataclass(frozen=True)
class ExamFlags:
    """The options of an exam as they were written."""

    gate: bool
    against: str | None
    papers: tuple[Path, ...] = ()
    adapter: Path | None = None
    model: str | None = None
    everything: bool = False
    dry_run: bool = False


def exam_command(recipe: Path, root: Path, version: str | None, flags: ExamFlags, *, as_json: bool) -> None:
    """Examine the base and the tuned model, also by the user's own papers, and print their results side by side, and
    beside an earlier run.

    Raises InputError before anything is asked for a paper that cannot be read, and GateError behind the result where
    `gate` is set and a measure got worse.
    """
    papers = [read_paper(path) for path in flags.papers]
    store = Store(root)
    job = _job(recipe, store, version, flags)
    if flags.dry_run:
        _print_estimate(job, as_json=as_json)
        return
    manifest, run = read_manifest(Path(job.version)), Path(job.run)
    earlier = earlier_run(flags.against, manifest, store, run) if flags.against is not None else None
    if not as_json:
        for paper in papers:
            _print_paper(paper)
    with showing_progress() as progress:
        exam(job, progress)
    found = exam_result(job)
    compared = compare_runs(run, earlier, job.exam.margin) if earlier else None
    report = write_report(Path(job.version), run) if flags.adapter else None
    result = RunResult(manifest, Path(job.version), exam=found, diagnoses=diagnosed(job), report=report)
    if as_json:
        own = {"papers": [_paper_document(paper) for paper in papers]} if papers else {}
        against = {"against": compared.model_dump(mode="json")} if compared else {}
        emit({**result_document(result), **own, **against})
    else:
        show_result(result)
        if compared:
            print_run_comparison(Console(), compared)
    if flags.gate:
        _refuse_if_worse(found, compared)
    if not as_json and report is None:
        next_step(f"hornbook report {recipe}")


def _job(recipe: Path, store: Store, version: str | None, flags: ExamFlags) -> Job:
    """Name the exam that is wanted: of the run of the recipe, or of an adapter from elsewhere.

    Raises InputError where nothing is trained yet, and where a model is named without its adapter.
    """
    _, job = job_for(recipe, store, version)
    exam_settings = job.exam.model_copy(update={"part": 0}) if flags.everything else job.exam
    papers = tuple(str(path.resolve()) for path in flags.papers)
    job = job.model_copy(update={"papers": papers, "exam": exam_settings})
    if flags.adapter:
        return exam_of_adapter(job, flags.adapter, flags.model)
    if flags.model:
        raise InputError(
            "--model names the model of an adapter from elsewhere: it needs --adapter",
            "--model 指外来适配器的基础模型，需要与 --adapter 一起使用",
        )
    if not RunFiles(Path(job.run)).training.is_file():
        raise InputError(
            f"nothing is trained on this version yet; run: hornbook train {recipe}",
            f"这个版本还没有训练过；请运行：hornbook train {recipe}",
        )
    return job


def _print_estimate(job: Job, *, as_json: bool) -> None:
    """Print what the endpoint would be asked and for how much. Raises InputError where none sits the exam."""
    if not sits(job):
        raise InputError(
            "no endpoint sits this exam, so it asks nobody; name 'endpoint' in exam: {contestants: […]}",
            "这次考试没有接口考生，不会调用任何接口；请在 exam: {contestants: […]} 中写上 endpoint",
        )
    with tempfile.TemporaryDirectory(prefix="hornbook-paper-") as folder:
        write_exam_paper(job.model_copy(update={"run": folder}))
        paper = ExamPaper.model_validate_json(RunFiles(Path(folder)).exam_paper.read_bytes())
    estimate = endpoint_estimate(job, paper)
    if as_json:
        emit(estimate.document())
        return
    sentence = estimate.sentence()
    echo(sentence.en, sentence.zh)


def _refuse_if_worse(found: ExamResult, compared: RunComparison | None) -> None:
    """Raise GateError where a measure got worse: than the base, or than in the run that it is compared with."""
    than_base = in_a_list([one.measure for one in found.comparisons if one.verdict == "worse"])
    than_run = in_a_list(compared.worse) if compared else NOTHING
    en = [
        f"worse than {whom}: {names.en}"
        for whom, names in (("the base", than_base), ("that run", than_run))
        if names.en
    ]
    zh = [f"比{whom}差：{names.zh}" for whom, names in (("基础模型", than_base), ("那次运行", than_run)) if names.zh]
    if en:
        raise GateError("; ".join(en), "；".join(zh))


def _print_paper(paper: OwnPaper) -> None:
    """Print how many questions a file asks, and what of it is not asked or not used."""
    en, zh = [f"questions: {len(paper.questions)}"], [f"{len(paper.questions)} 道题"]
    if paper.empty:
        en.append(f"rows without one, left out: {listed(list(paper.empty))}")
        zh.append(f"没有问题的行，未用：{listed(list(paper.empty))}")
    if paper.twice:
        en.append(f"rows that repeat an earlier one, left out: {listed(list(paper.twice))}")
        zh.append(f"与前面重复的行，未用：{listed(list(paper.twice))}")
    if paper.unmarked:
        en.append(f"questions with nothing that marks an answer: {paper.unmarked}")
        zh.append(f"没有评分依据的题：{paper.unmarked}")
    if paper.unused:
        en.append(f"columns not used: {', '.join(paper.unused)}")
        zh.append(f"未用的列：{'、'.join(paper.unused)}")
    echo(f"{paper.name}: {'; '.join(en)}", f"{paper.name}：{'；'.join(zh)}")


def _paper_document(paper: OwnPaper) -> dict[str, Any]:
    """Describe a paper of the user's as `--json` prints it: rows by their numbers."""
    return {
        "file": paper.name,
        "questions": len(paper.questions),
        **{key: getattr(paper, key) for key in ("empty", "twice", "unmarked", "unused")},
    }
