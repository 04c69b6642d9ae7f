"""Examines base and tuned model on the same questions, and what people do instead of tuning on a part of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from pydantic import ValidationError
from safetensors import SafetensorError

from schemas.digest import digest, digest_file
from schemas.endpoint_answers import EndpointAnswers
from schemas.errors import GateError, InputError, StoreError
from schemas.exam import Contestant, ExamPaper, ExamQuestion, ExamResult, Sheet
from schemas.identity import Identity
from schemas.job import Job
from schemas.run_files import ADAPTER_FILES, RunFiles
from train.events import emit_event, run_program
from train.examination.answer_book import AnswerBook
from train.examination.answering import Given, Headway, Rules, Sitter, answer_all
from train.examination.contestants import (
    ELSEWHERE,
    ON_BASE,
    ON_TUNED,
    Ask,
    asks,
    behind_keywords,
    sitting,
)
from train.examination.full_tuning import tune_fully
from train.examination.generation import Reply
from train.examination.marking import sheet_of
from train.examination.perplexity import TextLoss, losses_by_measure, perplexities, read_losses
from train.examination.prompt_reading import left_padded
from train.models.chat_template import ChatFormat
from train.models.model import DTYPES, LoadedModel, load_model
from train.run_files import write_whole
from train.statistics.comparisons import compare, contest
from train.version_reader import TrainingVersion, read_version

COMPARED = 4
"""Questions on which base and adapter are compared before the exam."""


def main() -> None:
    run_program(examine)


def examine(job: Job) -> None:
    """Write `exam.json` into the run's folder. Raises GateError when the adapter changes nothing.

    Answers are kept as they come: an exam that was interrupted goes on where it stopped.
    """
    emit_event("phase", name="load")
    version, files = read_version(Path(job.version)), RunFiles(Path(job.run))
    paper = _paper(files.exam_paper, version)
    if not paper.questions:
        raise InputError("the version has no exam questions", "版本里没有考题")
    identity = version.manifest.identity or Identity()
    given, losses = _answers(job, version, paper)

    sheets = {name: _sheet(name, given[name], losses.get(name), identity) for name in given}
    on_part = {name: sheet_of(name, answers.on_part(), identity) for name, answers in given.items()}
    base, tuned = sheets["base"], sheets["tuned"]
    texts = losses_by_measure(losses["base"], losses["tuned"])
    has_others = len(given) > 2
    result = ExamResult(
        version=version.manifest.id,
        base=base,
        tuned=tuned,
        contestants=tuple(_without_double(sheet) for sheet in on_part.values()) if has_others else (),
        comparisons=compare(base.measures, tuned.measures, texts, job.exam.margin),
        contests={
            name: contest(on_part["tuned"].measures, sheet.measures, job.exam.margin)
            for name, sheet in on_part.items()
            if name not in ("base", "tuned")
        },
        margin=job.exam.margin,
        papers=paper.digest,
        settings=job.exam_digest,
    )
    write_whole(files.exam, result.model_dump_json(indent=1))
    emit_event("done", questions=len(paper.questions))


def _answers(
    job: Job, version: TrainingVersion, paper: ExamPaper
) -> tuple[dict[Contestant, Given], dict[Contestant, list[TextLoss]]]:
    """Let everyone sit the exam: the answers of each, in the order of the report, and what each lost on the texts.

    The adapter is merged into the weights of the base: all that the base alone can say is asked before.
    """
    files, names = RunFiles(Path(job.run)), sitting(job.exam)
    elsewhere = _of_endpoint(files.endpoint_answers, paper, job) if "endpoint" in names else None
    rules = Rules(AnswerBook(files.answers), job.exam, job.train.seed)
    texts = [question for question in paper.questions if question.probe == "perplexity"]
    asked: dict[Contestant, list[Ask]] = {name: asks(name, paper, job.exam) for name in names if name not in ELSEWHERE}
    progress = Headway(sum(map(len, asked.values())) + 2 * len(texts))

    def answered(sitter: Sitter, name: Contestant) -> Given:
        return answer_all(sitter, asked[name], rules, lambda n: progress.advance(name, n))

    def read(sitter: Sitter, name: Contestant) -> list[TextLoss]:
        return read_losses(sitter.model, sitter.chat, texts, lambda n: progress.advance(name, n))

    adapter = Path(job.adapter) if job.adapter else files.adapter
    base = load_model(job.train.model, _trained_dtype(files.training), job.train.device)
    dtype = str(base.model.dtype)
    sitter = _sitter(base, job, digest(base.digest, dtype))
    before = _logits(sitter, paper.questions)
    given: dict[Contestant, Given] = {name: answered(sitter, name) for name in names if name in ON_BASE}
    losses: dict[Contestant, list[TextLoss]] = {"base": read(sitter, "base")}

    tuned = _sitter(
        _tuned(base, adapter), job, digest(base.digest, dtype, *(digest_file(adapter / name) for name in ADAPTER_FILES))
    )
    _refuse_unless_different(before, _logits(tuned, paper.questions))
    given |= {name: answered(tuned, name) for name in names if name in ON_TUNED}
    losses["tuned"] = read(tuned, "tuned")

    if "keywords" in names:
        given["keywords"] = _behind_keywords(given["base"])
    if elsewhere:
        given["endpoint"] = elsewhere
    if "full" in names:
        given["full"] = answered(_fully_tuned(job, version), "full")
    return {name: given[name] for name in names}, losses


def _behind_keywords(base: Given) -> Given:
    """Answer what a table of keywords knows at no cost, and the rest as the base does."""
    part = base.on_part()
    texts = behind_keywords([ask.question for ask in part.asks], [reply.text for reply in part.replies])
    canned = [bool(ask.question.canned) for ask in part.asks]
    return Given(
        part.asks,
        tuple(
            reply._replace(text=text, is_cut=reply.is_cut and not known, tokens=0 if known else reply.tokens)
            for reply, text, known in zip(part.replies, texts, canned, strict=True)
        ),
        tuple(0.0 if known else seconds for seconds, known in zip(part.seconds, canned, strict=True)),
    )


def _of_endpoint(path: Path, paper: ExamPaper, job: Job) -> Given:
    """Read what the model behind an endpoint answered to this very paper. Raises StoreError where it did not."""
    asked = asks("endpoint", paper, job.exam)
    try:
        found = EndpointAnswers.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise StoreError(f"{path} is damaged", f"{path} 已损坏") from None
    if [(ask.question.id, ask.take) for ask in asked] != [(one.question, one.take) for one in found.answers]:
        raise StoreError(f"{path} answers another paper", f"{path} 答的是另一份考卷")
    replies = tuple(Reply(one.text, one.is_cut, one.tokens) for one in found.answers)
    return Given(tuple(asked), replies, (0.0,) * len(replies))


def _fully_tuned(job: Job, version: TrainingVersion) -> Sitter:
    """Tune all weights of the base; in 32 bits, whatever the adapter was trained in."""
    loaded = tune_fully(load_model(job.train.model, "float32", job.train.device), version, job)
    return _sitter(loaded, job, digest("full", loaded.digest, version.manifest.id, job.train.model_dump(mode="json")))


def _sheet(name: Contestant, given: Given, losses: Sequence[TextLoss] | None, identity: Identity) -> Sheet:
    """Make a sheet, with the perplexities of those who read the texts."""
    sheet = sheet_of(name, given, identity)
    return sheet.model_copy(update={"measures": (*sheet.measures, *perplexities(losses or ()))})


def _without_double(sheet: Sheet) -> Sheet:
    """Leave the answers of base and tuned out of their sheets on the part: they stand in the whole ones."""
    return sheet.model_copy(update={"answers": ()}) if sheet.model in ("base", "tuned") else sheet


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
    try:
        adapted: Any = PeftModel.from_pretrained(base.model, adapter)
    except (RuntimeError, ValueError, LookupError, TypeError, SafetensorError) as error:
        raise InputError(
            f"the adapter in {adapter} does not fit the model {base.name} ({type(error).__name__})",
            f"{adapter} 中的适配器与模型 {base.name} 不匹配（{type(error).__name__}）",
        ) from None
    # Adapters of other kinds, such as learnt prompts, are no change of weights.
    merged = adapted.merge_and_unload() if hasattr(adapted.base_model, "merge_and_unload") else adapted
    merged.eval()
    return LoadedModel(merged, base.tokenizer, "tuned", base.digest)


def _sitter(loaded: LoadedModel, job: Job, weights: str) -> Sitter:
    return Sitter(loaded.model, ChatFormat(loaded.tokenizer, job.train.system, job.train.thinking), weights)


def _logits(sitter: Sitter, questions: Sequence[ExamQuestion]) -> torch.Tensor:
    """Compute what the model would say first to the first few questions; shape (questions, vocabulary)."""
    prompts = [sitter.chat.prompt_ids([m.model_dump() for m in q.messages]) for q in questions[:COMPARED]]
    ids, mask = left_padded(prompts, sitter.chat.tokenizer.pad_token_id)
    device = sitter.model.device
    with torch.inference_mode():
        return sitter.model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits[:, -1].float().cpu()


def _refuse_unless_different(before: torch.Tensor, after: torch.Tensor) -> None:
    if torch.equal(before, after):
        raise GateError(
            "the adapter changes nothing: base and tuned model give the same numbers; was it loaded, was it trained?",
            "适配器没有任何作用：基础模型和微调后的输出完全相同；它加载了吗？训练过吗？",
        )


if __name__ == "__main__":
    main()
