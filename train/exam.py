"""Examines base and tuned model on the same questions, in one process, and writes both sheets."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import PeftModel
from pydantic import ValidationError

import train.metrics
from schemas.catalog import Catalog
from schemas.errors import GateError, InputError, StoreError
from schemas.exam import Answer, ExamPaper, ExamQuestion, ExamResult, Measure, Question, Sheet
from schemas.identity import Identity
from schemas.job import Job
from schemas.run_files import RunFiles
from train.events import emit_event, run_program
from train.generation import answers, left_padded
from train.metrics import Metric
from train.models.chat_template import ChatFormat
from train.models.model import DTYPES, LoadedModel, load_model
from train.perplexity import TextLoss, losses_by_measure, perplexities, read_losses
from train.run_files import write_whole
from train.statistics.comparisons import compare
from train.version_reader import TrainingVersion, read_version

METRICS: Catalog[Metric] = Catalog(train.metrics, Metric)
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
COMPARED = 4
"""Questions on which base and adapter are compared before the exam."""


@dataclass(frozen=True)
class Asked:
    """What both models are asked, and who the tuned one should say it is."""

    identity: Identity
    questions: tuple[ExamQuestion, ...]


def main() -> None:
    run_program(examine)


def examine(job: Job) -> None:
    """Write `exam.json` into the run's folder. Raises GateError when the adapter changes nothing."""
    emit_event("phase", name="load")
    version, files = read_version(Path(job.version)), RunFiles(Path(job.run))
    base = load_model(job.train.model, _trained_dtype(files.training), job.train.device)
    paper = _paper(files.exam_paper, version)
    asked = Asked(version.manifest.identity or Identity(), paper.questions)
    if not asked.questions:
        raise InputError("the version has no exam questions", "版本里没有考题")

    # The adapter is merged into the weights of the base: all that the base alone can say is asked before.
    before = _logits(base, asked.questions, job)
    base_sheet, base_readings = _sheet(base, asked, job, "base")
    tuned = _tuned(base, files.adapter)
    _refuse_unless_different(before, _logits(tuned, asked.questions, job))
    tuned_sheet, tuned_readings = _sheet(tuned, asked, job, "tuned")

    losses = losses_by_measure(base_readings, tuned_readings)
    result = ExamResult(
        version=version.manifest.id,
        base=base_sheet,
        tuned=tuned_sheet,
        comparisons=compare(base_sheet.measures, tuned_sheet.measures, losses, job.exam.margin),
        papers=paper.digest,
    )
    write_whole(files.exam, result.model_dump_json(indent=1))
    emit_event("done", questions=len(asked.questions))


def _paper(path: Path, version: TrainingVersion) -> ExamPaper:
    """Read what is asked; the version's own questions where curation wrote nothing. Raises StoreError for damage."""
    if not path.is_file():
        return ExamPaper(digest="", questions=tuple(ExamQuestion(**dict(question)) for question in version.questions))
    try:
        return ExamPaper.model_validate_json(path.read_bytes())
    except ValidationError:
        raise StoreError(f"{path} is damaged", f"{path} 已损坏") from None


def _trained_dtype(summary: Path) -> str | None:
    """Find the precision that the adapter was trained in; None where no training has finished here.

    Another machine, or the same one with another card, would choose another, and mark the adapter on a base that it
    never saw. Raises StoreError when the summary is not what the trainer wrote.
    """
    if not summary.is_file():
        return None
    try:
        dtype = json.loads(summary.read_bytes())["dtype"]
    except (ValueError, LookupError, TypeError):
        dtype = None
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise StoreError(f"{summary} names no precision: it is damaged", f"{summary} 没有写明训练精度：文件已损坏")
    return dtype


def _tuned(base: LoadedModel, adapter: Path) -> LoadedModel:
    """Merge the adapter into the weights: generation is faster than through two small matrices.

    Without its safetensors, peft would open a pickle of another name.
    """
    if not all((adapter / name).is_file() for name in ADAPTER_FILES):
        raise InputError(f"there is no adapter in {adapter}", f"{adapter} 中没有适配器")
    merged = PeftModel.from_pretrained(base.model, adapter).merge_and_unload()
    merged.eval()
    return LoadedModel(merged, base.tokenizer, "tuned", base.digest)


def _logits(loaded: LoadedModel, questions: Sequence[Question], job: Job) -> torch.Tensor:
    """Compute what the model would say first to the first few questions; shape (questions, vocabulary)."""
    chat = _chat(loaded, job)
    prompts = [chat.prompt_ids([m.model_dump() for m in q.messages]) for q in questions[:COMPARED]]
    ids, mask = left_padded(prompts, loaded.tokenizer.pad_token_id)
    device = loaded.model.device
    with torch.inference_mode():
        return loaded.model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits[:, -1].float().cpu()


def _chat(loaded: LoadedModel, job: Job) -> ChatFormat:
    return ChatFormat(loaded.tokenizer, job.train.system, job.train.thinking)


def _refuse_unless_different(before: torch.Tensor, after: torch.Tensor) -> None:
    if torch.equal(before, after):
        raise GateError(
            "the adapter changes nothing: base and tuned model give the same numbers; was it loaded, was it trained?",
            "适配器没有任何作用：基础模型和微调后的输出完全相同；它加载了吗？训练过吗？",
        )


def _sheet(loaded: LoadedModel, asked: Asked, job: Job, name: str) -> tuple[Sheet, list[TextLoss]]:
    """Let one model sit the exam: answers with verdicts, the numbers, and what it lost on each text."""
    questions = [q for q in asked.questions if q.probe != "perplexity"]
    texts = [q for q in asked.questions if q.probe == "perplexity"]
    total = len(asked.questions)

    replies = answers(
        loaded.model,
        _chat(loaded, job),
        questions,
        job.exam,
        lambda done: emit_event("answer", done=done, of=total, model=name),
    )
    readings = read_losses(
        loaded.model,
        _chat(loaded, job),
        texts,
        lambda done: emit_event("answer", done=len(questions) + done, of=total, model=name),
    )

    verdicts, measures = marked(questions, replies, asked.identity)
    sheet = [
        Answer(question=q.id, probe=q.probe, text=text, verdict=verdicts.get(q.id, ""))
        for q, text in zip(questions, replies, strict=True)
    ]
    return Sheet(model=name, measures=(*measures, *perplexities(readings)), answers=tuple(sheet)), readings


def marked(
    questions: Sequence[ExamQuestion], replies: Sequence[str], identity: Identity
) -> tuple[dict[str, str], list[Measure]]:
    """Mark the replies by every metric of the catalog: verdicts by question, and all measures."""
    verdicts: dict[str, str] = {}
    measures: list[Measure] = []
    for metric in (kind() for kind in METRICS.all().values()):
        pairs = [(q, reply) for q, reply in zip(questions, replies, strict=True) if metric.marks(q)]
        probed, answered = [q for q, _ in pairs], [reply for _, reply in pairs]
        reasons = metric.verdicts(probed, answered, identity)
        if not metric.is_side:
            verdicts |= {q.id: reason for q, reason in zip(probed, reasons, strict=True)}
        measures += [*metric.measures(probed, reasons), *metric.scored(probed, answered, identity)]
    return verdicts, measures


if __name__ == "__main__":
    main()
