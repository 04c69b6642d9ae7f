"""All that is known before the first step: of the model, the version, its rows and the machine. Nothing is learnt yet.

`tune` asks it and goes on; the program `train.check` asks it and says what it found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import StoreError
from schemas.exam_neighbours import ExamNeighbour
from schemas.identity import Identity
from schemas.job import Job
from schemas.plan_findings import plan_findings
from schemas.preflight import CHECKS, Finding, Preflight, UntrainedAnswer
from schemas.run_files import RunFiles
from train.events import emit_event
from train.guards.machine_guard import adapter_bytes, disk_findings
from train.guards.sample_guard import sample_findings
from train.guards.template_guard import template_findings, turn_end_findings
from train.guards.version_guard import version_findings
from train.models.chat_template import ChatFormat
from train.models.model import ModelOutline, device_of, load_outline
from train.models.stop_tokens import answer_end
from train.planned import counted_plan
from train.run_files import write_whole
from train.samples.prepare import PreparedSamples, prepare_samples
from train.version_reader import TrainingVersion, read_version

OF_MODEL = ("model", "device", "template", "turn_end")
"""The checks that need no version."""


@dataclass(frozen=True)
class Prepared:
    """What a training starts from."""

    version: TrainingVersion
    outline: ModelOutline
    chat: ChatFormat
    samples: PreparedSamples


def check_model(job: Job) -> Preflight:
    """Check what can be known before there is a version. Raises InputError for a model or a device that is not here."""
    _, _, findings = _model(job, job.identity)
    return Preflight(checked=OF_MODEL, findings=tuple(findings))


def prepare(job: Job) -> tuple[Prepared, Preflight]:
    """Read the version, outline the model, make all samples, and check it all; what was found is written down.

    Leaves `preflight.json` and `untrained.jsonl` in the run's folder. Raises InputError for a model or a device that
    is not here and StoreError for a version that is damaged; whatever else is wrong is a finding.
    """
    settings, run = job.train, Path(job.run)
    version = read_version(Path(job.version))
    findings = list(version_findings(version, _exam_neighbours(RunFiles(run).exam_neighbours)))

    emit_event("phase", name="check")
    outline, chat, found = _model(job, version.manifest.identity or Identity())
    findings += found

    emit_event("phase", name="render")
    end = answer_end(outline.model, outline.tokenizer)
    samples = prepare_samples(version.records, chat, settings.max_tokens, end)
    findings += sample_findings(samples, settings) if version.records else ()
    findings += disk_findings(run, adapter_bytes(outline.model, settings.rank))

    plan = counted_plan(version, samples, settings)
    known = {"thinking": settings.thinking, "plan": plan, "advice": plan_findings(plan)}
    preflight = _preflight(samples, findings).model_copy(update=known)
    _write(preflight, RunFiles(run))
    return Prepared(version, outline, chat, samples), preflight


def _model(job: Job, identity: Identity) -> tuple[ModelOutline, ChatFormat, list[Finding]]:
    """Outline the model, and find what its template would say of its own accord."""
    device_of(job.train.device)
    outline = load_outline(job.train.model)
    chat = ChatFormat(outline.tokenizer, job.train.system, job.train.thinking)
    return outline, chat, list(_of_template(chat, identity, answer_end(outline.model, outline.tokenizer)))


def _of_template(chat: ChatFormat, identity: Identity, end: int | None) -> Iterator[Finding]:
    yield from template_findings(chat, identity)
    yield from turn_end_findings(chat, end)


def _exam_neighbours(path: Path) -> list[ExamNeighbour]:
    """Read what curation found; nothing where it was not asked. Raises StoreError for a file that is damaged."""
    if not path.is_file():
        return []
    try:
        return [ExamNeighbour.model_validate_json(line) for line in path.read_bytes().split(b"\n") if line]
    except ValidationError:
        raise StoreError(f"{path} is damaged", f"{path} 已损坏") from None


def _preflight(samples: PreparedSamples, findings: Sequence[Finding]) -> Preflight:
    return Preflight(
        checked=tuple(CHECKS),
        findings=tuple(findings),
        records=samples.records,
        rows=samples.rows,
        samples=len(samples.samples),
        untrained=tuple(UntrainedAnswer(id=s.id, answer=s.answer, reason=s.reason) for s in samples.skipped),
        truncated=samples.truncated,
        with_thoughts=samples.with_thoughts,
    )


def _write(preflight: Preflight, files: RunFiles) -> None:
    """Write what was found, and every row or answer that will not be trained on, one a line."""
    write_whole(files.preflight, preflight.model_dump_json(indent=1))
    write_whole(files.untrained, "".join(f"{one.model_dump_json()}\n" for one in preflight.untrained))
