"""The whole way: build, train, exam, report. Each step finds what the one before left on disk."""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from curate.build.build import build
from curate.judging.verdicts import read_judged
from curate.privacy.release_gate import Gate, private_texts, scan_page
from curate.recipe.load import RecipeFile, load_recipe
from curate.report.diagnoses import Diagnosis, diagnoses
from curate.report.report import render_report
from curate.stages.mask import gate_of
from curate.store.read_version import read_manifest, read_recipe
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.system import interrupts
from curate.system.disk import replace_durably
from curate.system.progress import Progress
from curate.trainer import Event, exam_digest, interrupted, job_of, model_job, run_name, start
from schemas.bilingual import Bilingual
from schemas.errors import StoreError
from schemas.exam import ExamPaper, ExamResult, Question
from schemas.identity import Identity
from schemas.job import ExamSettings, Job
from schemas.labelled_row import LabelledRow
from schemas.manifest import Manifest
from schemas.preflight import Preflight
from schemas.run_files import RunFiles
from schemas.version_files import VersionFiles

STEPS = ("build", "train", "exam", "report")
NAMES = {"tune": Bilingual("the training", "训练"), "exam": Bilingual("the exam", "考试")}
Build = Callable[[RecipeFile, Store, Progress], Path]
COUNTED = (
    *("records", "rows", "samples", "skipped", "truncated"),
    *("with_thoughts", "thinking", "system_in_first_question"),
)
"""What the trainer says of the rows: how many there were, and what it made of them."""
SAMPLES = 3
"""Training conversations of each kind that the report shows."""


@dataclass(frozen=True)
class RunResult:
    """What a run left on disk. `training`, `exam` and `report` are empty when it stopped earlier."""

    manifest: Manifest
    version: Path
    training: dict[str, Any] | None = None
    """What `train.json` holds."""
    exam: ExamResult | None = None
    diagnoses: Sequence[Diagnosis] = ()
    report: Path | None = None


def run_recipe(path: Path, store: Store, until: str, progress: Progress, build: Build = build) -> RunResult:
    """Run the recipe as far as the step `until`, one of STEPS; `build` makes the version.

    What a run has finished before is not done again.
    """
    file = load_recipe(path)
    if until != "build":
        check_model(file, store, progress)
    version = build(file, store, progress)
    manifest = read_manifest(version)
    if until == "build":
        return RunResult(manifest, version)

    job = job_of(file, version, manifest, store)
    train(job, progress)
    training = training_facts(job)
    if until == "train":
        return RunResult(manifest, version, training)
    exam(job, progress)
    if until == "exam":
        return RunResult(manifest, version, training, exam_result(job), diagnosed(job))
    report = write_report(version, Path(job.run))
    return RunResult(manifest, version, training, exam_result(job), diagnosed(job), report)


def check_model(file: RecipeFile, store: Store, progress: Progress) -> None:
    """Find out before the build what would stop the training after it: a model, a device or a template that is unfit.

    Not asked again where a training of this name with these settings came to its end. Raises InputError and GateError.
    """
    if not _was_trained(file, store):
        with tempfile.TemporaryDirectory(prefix="hornbook-check-") as folder:
            preflight(model_job(file, Path(folder)), progress).raise_if_found()


def _was_trained(file: RecipeFile, store: Store) -> bool:
    """Tell whether this trainer finished a run of this name, on any version, with the recipe's settings and identity.

    The model must be where it was: whatever else changed about it, the training itself will see.
    """
    wanted = model_job(file, Path())
    if wanted.train.model != "smollm2" and not Path(wanted.train.model).is_dir():
        return False
    for run in map(RunFiles, store.runs(file.recipe.name)):
        is_same = run.folder.name == run_name(file, run.folder.parent.name)
        if is_same and run.training.is_file() and run.job.is_file():
            with suppress(ValidationError):  # another release wrote it
                if Job.model_validate_json(run.job.read_bytes()).identity == wanted.identity:
                    return True
    return False


def preflight(job: Job, progress: Progress) -> Preflight:
    """Let the trainer look at all that it will train on, and train nothing."""
    return Preflight.model_validate_json(_finding("check", job, progress))


def labelled_row(job: Job, progress: Progress) -> LabelledRow:
    """Let the trainer tokenize the row that the job names, and train nothing."""
    return LabelledRow.model_validate_json(_finding("labels", job, progress))


def _finding(program: str, job: Job, progress: Progress) -> str:
    """Run a program that finds something out, and return the document that it prints."""
    documents: list[str] = []

    def on_event(event: Event) -> None:
        if "document" in event:
            documents.append(event["document"])
        else:
            _show(program, event, progress)

    with interrupts.explained(lambda: interrupted(program, {})):
        start(program, job, on_event)
    return documents[-1]


def job_for(path: Path, store: Store, wanted: str | None) -> tuple[RecipeFile, Job]:
    """Find the training run of a recipe on a version that is already there: the one wanted, or the newest."""
    file = load_recipe(path)
    version = store.find(wanted or file.recipe.name)
    return file, job_of(file, version, read_manifest(version), store)


def train(job: Job, progress: Progress) -> bool:
    """Train unless this very run is finished. True when it trained."""
    return _run_once(RunFiles(Path(job.run)).training, "tune", job, progress)


def exam(job: Job, progress: Progress) -> bool:
    """Examine unless this very run was examined so before. True when it did."""
    asked, finished = exam_digest(job), RunFiles(Path(job.run)).exam
    if finished.is_file() and exam_result(job).settings != asked:
        finished.unlink()  # another exam, or the same one by another release
    return _run_once(finished, "exam", job.model_copy(update={"exam_digest": asked}), progress)


def _run_once(finished: Path, program: str, job: Job, progress: Progress) -> bool:
    """Run a program unless the file is there that it writes last. True when it ran."""
    if finished.is_file():
        progress(f"{program} (kept)", 1, 1)
        interrupts.remember_finished(NAMES[program])
        return False
    seen: Event = {}

    def on_event(event: Event) -> None:
        seen.update(event)
        _show(program, event, progress)

    with interrupts.explained(lambda: _left(program, finished, seen)):
        start(program, job, on_event)
    interrupts.remember_finished(NAMES[program])
    return True


def _left(program: str, finished: Path, seen: Event) -> Bilingual | None:
    """Say what an interrupt has left of a program; None where it had come to its end."""
    if not finished.is_file():
        return interrupted(program, seen)
    interrupts.remember_finished(NAMES[program])
    return None


def _show(program: str, event: Event, progress: Progress) -> None:
    """Show an event of the trainer or the examiner as progress."""
    if event["event"] == "phase":
        progress(str(event["name"]), 0, 1)
    elif event["event"] == "rendered":
        progress(f"rendered  {event['rows']} of {event['records']} conversations, {event['samples']} samples", 1, 1)
    elif event["event"] == "advice":
        print(Bilingual(event["en"], event["zh"]), file=sys.stderr)
    elif event["event"] == "step":
        progress(f"{program}  loss {event['loss']:.2f}", event["step"], event["of"])
    elif event["event"] == "answer":
        progress(f"exam {event['model']}{time_left(event['seconds_left'])}", event["done"], event["of"])


def time_left(seconds: int) -> str:
    """Say how long it will take, in whole minutes; nothing about the last one."""
    minutes = round(seconds / 60)
    return str(Bilingual(f"  about {minutes} min left", f"  约剩 {minutes} 分钟")) if minutes else ""


def training_facts(job: Job) -> dict[str, Any]:
    """Read what the trainer wrote last. Raises StoreError when it is not that."""
    summary = RunFiles(Path(job.run)).training
    try:
        facts: dict[str, Any] = json.loads(summary.read_bytes())
        _ = [facts[key] for key in COUNTED]
    except (ValueError, LookupError, TypeError):
        raise StoreError(f"{summary} is damaged", f"{summary} 已损坏") from None
    return facts


def exam_result(job: Job) -> ExamResult:
    """Read what the examiner wrote last."""
    path = RunFiles(Path(job.run)).exam
    try:
        return ExamResult.model_validate_json(path.read_bytes())
    except ValidationError:
        raise StoreError(f"{path} is damaged", f"{path} 已损坏") from None


def diagnosed(job: Job) -> list[Diagnosis]:
    """Say what may have gone wrong in a run that was examined."""
    manifest = read_manifest(Path(job.version))
    return diagnoses(manifest, exam_result(job), _training(Path(job.run)), job.exam.margin)


def write_report(version: Path, run: Path | None) -> Path:
    """Write report.html into the folder of the run, or into that of all runs on the version when nothing was trained.

    Raises GateError when it would hold personal data of the kinds that the version masks.
    """
    manifest = read_manifest(version)
    questions = {line["id"]: Question.model_validate(line) for line in read_jsonl(VersionFiles(version).exam)}
    if run and RunFiles(run).exam_paper.is_file():
        asked = ExamPaper.model_validate_json(RunFiles(run).exam_paper.read_bytes()).questions
        questions |= {question.id: question for question in asked}
    path = RunFiles(run).exam if run else None
    examined = ExamResult.model_validate_json(path.read_bytes()) if path and path.is_file() else None
    gate = gate_of(read_recipe(version), manifest.identity or Identity())
    withheld = _private_answers(examined, list(questions.values()), gate) if examined else set()
    page = render_report(
        manifest,
        _samples(version, manifest),
        exam=examined,
        questions=[question for question in questions.values() if question.id not in withheld],
        train=_training(run) if run else None,
        margin=_margin(run),
        withheld=len(withheld),
        judged=read_judged(RunFiles(run)).contests if run else (),
    )

    target = RunFiles(run or version.parent.parent.parent / "runs" / manifest.name / manifest.id).report
    scan_page(target.name, page, gate)
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_durably(target, page.encode("utf-8"))
    return target


def _private_answers(exam: ExamResult, questions: Sequence[Question], gate: Gate) -> set[str]:
    """Find the questions, by id, that nobody is shown: a model may invent a person, and a question of the user's own
    may name one.
    """
    answered = [(a.question, a.text) for sheet in (exam.base, exam.tuned) for a in sheet.answers]
    answered += [(question.id, question.messages[-1].content) for question in questions]
    private = private_texts([text for _, text in answered], gate)
    return {answered[index][0] for index in private} & {answer.question for answer in exam.tuned.answers}


def _margin(run: Path | None) -> float:
    """Find the least difference that mattered in the exam of a run; the usual one where nothing readable says it."""
    with suppress(OSError, ValidationError):
        if run:
            return Job.model_validate_json(RunFiles(run).job.read_bytes()).exam.margin
    return ExamSettings().margin


def _samples(version: Path, manifest: Manifest) -> Sequence[dict[str, Any]]:
    """Read the first training conversations of each kind, in the order of their ids."""
    samples: list[dict[str, Any]] = []
    for share in manifest.shares:
        lines = (line for s in manifest.trained_on() for line in read_jsonl(version / s.name))
        samples += islice((line for line in lines if line["kind"] == share.kind), SAMPLES)
    return samples


def _training(run: Path) -> dict[str, Any] | None:
    """Read the trainer's summary with its steps; None before it finished."""
    summary = RunFiles(run).training
    if not summary.is_file():
        return None
    return {**json.loads(summary.read_bytes()), "steps": list(read_jsonl(RunFiles(run).steps))}
