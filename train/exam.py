"""Examines base and tuned model on the same questions, in one process, and writes both sheets."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel

import train.metrics
from schemas.catalog import Catalog
from schemas.errors import GateError, InputError
from schemas.exam import Answer, ExamResult, Measure, Question, Sheet
from schemas.identity import Identity
from schemas.job import Job
from train.chat_template import prompt_ids
from train.events import run_program, tell
from train.generation import answers, left_padded
from train.metrics import Metric
from train.model import Loaded, load
from train.perplexity import perplexities, read
from train.version_reader import Book, read_book

METRICS: Catalog[Metric] = Catalog(train.metrics, Metric)
COMPARED = 4
"""Questions on which base and adapter are compared before the exam."""


def main() -> None:
    run_program(examine)


def examine(job: Job) -> None:
    """Leaves `exam.json` in the run's folder. Raises GateError when the adapter changes nothing."""
    tell("phase", name="load")
    book = read_book(Path(job.version))
    base = load(job.train.model)
    if not book.questions:
        raise InputError("the version has no exam questions", "版本里没有考题")
    before = _logits(base, book.questions, job)
    sheet = _sheet(base, book, job, "base")
    tuned = _tuned(base, Path(job.run) / "adapter")
    _refuse_unless_different(before, _logits(tuned, book.questions, job))
    result = ExamResult(version=book.manifest.id, base=sheet, tuned=_sheet(tuned, book, job, "tuned"))
    _write(Path(job.run) / "exam.json", result)
    tell("done", questions=len(book.questions))


def _tuned(base: Loaded, adapter: Path) -> Loaded:
    """The model with the adapter merged into its weights: generation is faster than through two small matrices."""
    if not (adapter / "adapter_config.json").is_file():
        raise InputError(f"there is no adapter in {adapter}", f"{adapter} 中没有适配器")
    merged = PeftModel.from_pretrained(base.model, adapter).merge_and_unload()
    merged.eval()
    return Loaded(merged, base.tokenizer, "tuned", base.digest)


def _logits(loaded: Loaded, questions: Sequence[Question], job: Job) -> torch.Tensor:
    """Shape (questions, vocabulary): what the model would say first to the first few questions."""
    prompts = [
        prompt_ids(loaded.tokenizer, [m.model_dump() for m in q.messages], job.train.system)
        for q in questions[:COMPARED]
    ]
    ids, mask = left_padded(prompts, loaded.tokenizer.pad_token_id)
    device = loaded.model.device
    with torch.inference_mode():
        return loaded.model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits[:, -1].float().cpu()


def _refuse_unless_different(before: torch.Tensor, after: torch.Tensor) -> None:
    if torch.equal(before, after):
        raise GateError(
            "the adapter changes nothing: base and tuned model give the same numbers; was it loaded, was it trained?",
            "适配器没有任何作用：基础模型和微调后的输出完全相同；它加载了吗？训练过吗？",
        )


def _sheet(loaded: Loaded, book: Book, job: Job, name: str) -> Sheet:
    """What one model does on all questions: answers with verdicts, and the numbers."""
    asked = [q for q in book.questions if q.probe != "perplexity"]
    texts = [q for q in book.questions if q.probe == "perplexity"]
    total = len(book.questions)
    said = answers(
        loaded.model,
        loaded.tokenizer,
        asked,
        (job.exam, job.train.system),
        lambda done: tell("answer", done=done, of=total, model=name),
    )
    readings = read(
        loaded.model,
        loaded.tokenizer,
        texts,
        job.train.system,
        lambda done: tell("answer", done=len(asked) + done, of=total, model=name),
    )
    verdicts, measures = marked(asked, said, book.manifest.identity or Identity())
    sheet = [
        Answer(question=q.id, probe=q.probe, text=text, verdict=verdicts.get(q.id, ""))
        for q, text in zip(asked, said, strict=True)
    ]
    return Sheet(model=name, measures=(*measures, *perplexities(readings)), answers=tuple(sheet))


def marked(
    questions: Sequence[Question], said: Sequence[str], identity: Identity
) -> tuple[dict[str, str], list[Measure]]:
    """Verdicts by question and all measures, from every metric of the catalog."""
    verdicts: dict[str, str] = {}
    measures: list[Measure] = []
    for metric in (kind() for kind in METRICS.all().values()):
        pairs = [(q, a) for q, a in zip(questions, said, strict=True) if q.probe in metric.probes]
        some = [q for q, _ in pairs]
        given = metric.verdicts(some, [a for _, a in pairs], identity)
        verdicts |= {q.id: verdict for q, verdict in zip(some, given, strict=True)}
        measures += metric.measures(some, given)
    return verdicts, measures


def _write(path: Path, result: ExamResult) -> None:
    staging: Any = path.with_name(f".{path.name}")
    staging.write_text(result.model_dump_json(indent=1), encoding="utf-8")
    os.replace(staging, path)  # noqa: PTH105 - the last file of an exam appears whole or not at all


if __name__ == "__main__":
    main()
