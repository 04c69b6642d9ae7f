"""Lets the base model answer the general records of a version, as it will be asked in training: `hornbook distill`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.base_answers import Fault, GivenAnswer, GivenAnswers
from schemas.digest import digest
from schemas.errors import InputError
from schemas.job import Job
from schemas.record import Record
from schemas.run_files import RunFiles
from train.events import emit_event, run_program
from train.examination.answer_book import AnswerBook
from train.examination.answering import Headway, Sitter, answer_batch
from train.examination.generation import Decoding, Reply, by_length
from train.models.chat_template import ChatFormat
from train.models.model import load_model
from train.models.rendering import TemplateRefusalError
from train.models.stop_tokens import answer_end, turn_end
from train.run_files import write_whole
from train.version_reader import read_version

KIND = "general"


class Prompt(NamedTuple):
    """What the model reads of a record before it answers; without ids where a fault stands against asking."""

    id: str
    ids: list[int]
    fault: Fault


def main() -> None:
    run_program(distill)


def distill(job: Job) -> None:
    """Write `base_answers.json` into the run's folder: greedy answers to the last question of each general record.

    Answers are kept batch by batch: a work that was interrupted goes on where it stopped. Raises InputError where the
    version has no general record.
    """
    emit_event("phase", name="load")
    version = read_version(Path(job.version))
    records = sorted((record for record in version.records if record.kind == KIND), key=lambda record: record.id)
    if not records:
        raise InputError(
            "the version has no general records to answer; general data is an input of `kind: general`",
            "版本里没有可作答的通用数据；通用数据是 `kind: general` 的输入文件",
        )
    loaded = load_model(job.train.model, None, job.train.device)
    chat = ChatFormat(loaded.tokenizer, job.train.system, job.train.thinking)
    dtype = str(loaded.model.dtype).removeprefix("torch.")
    sitter = Sitter(loaded.model, chat, digest(loaded.digest, dtype))

    prompts = [prompt_of(record, chat, job.train.max_tokens) for record in records]
    asked = [prompt for prompt in prompts if not prompt.fault]
    headway = Headway(len(asked))
    replies = _replies(sitter, asked, job, lambda count: headway.advance("base", count))

    own_end = turn_end(chat.tokenizer)
    end = answer_end(loaded.model, chat.tokenizer) if own_end is None else own_end
    given = tuple(_given(prompt, replies, end, job.train.max_tokens) for prompt in prompts)
    answers = GivenAnswers(model=loaded.digest, dtype=dtype, answers=given)
    write_whole(RunFiles(Path(job.run)).base_answers, answers.model_dump_json(indent=1))
    emit_event("done", answers=len(given))


def prompt_of(record: Record, chat: ChatFormat, max_tokens: int) -> Prompt:
    """Render a record up to where its last answer begins."""
    talk = [{"role": message.role, "content": message.content} for message in record.messages]
    before = talk[:-1] if talk[-1]["role"] == "assistant" else talk
    if not before or before[-1]["role"] != "user":
        return Prompt(record.id, [], "no_question")
    try:
        ids = chat.prompt_ids(before)
    except TemplateRefusalError:
        return Prompt(record.id, [], "template_refuses")
    return Prompt(record.id, ids, "too_long" if len(ids) >= max_tokens else "")


def _replies(sitter: Sitter, asked: Sequence[Prompt], job: Job, on_answers: Callable[[int], None]) -> dict[str, Reply]:
    """Answer the prompts, those of like length together: out of the book where they were answered before."""
    book, decoding = AnswerBook(RunFiles(Path(job.run)).answers), Decoding(job.exam.max_new_tokens)
    replies: dict[str, Reply] = {}
    for positions in by_length([prompt.ids for prompt in asked], job.exam.batch):
        chosen = [asked[n] for n in positions]
        answered = answer_batch(sitter, [prompt.ids for prompt in chosen], book, decoding).replies
        replies |= {prompt.id: reply for prompt, reply in zip(chosen, answered, strict=True)}
        on_answers(len(chosen))
    return replies


def _given(prompt: Prompt, replies: Mapping[str, Reply], end: int | None, max_tokens: int) -> GivenAnswer:
    """Say what was answered to a prompt. What cannot be learnt as it stands has a fault and no text."""
    if prompt.fault:
        return GivenAnswer(id=prompt.id, text="", fault=prompt.fault)
    reply = replies[prompt.id]
    fault = fault_of(reply, end, max_tokens)
    return GivenAnswer(id=prompt.id, text="" if fault else reply.text, fault=fault)


def fault_of(reply: Reply, end: int | None, max_tokens: int) -> Fault:
    """Say why an answer cannot be learnt. `end` is the token that a training teaches as the end of an answer."""
    if reply.is_cut or reply.end is None:
        return "cut_off"
    if reply.end != end:
        return "other_end"
    if reply.has_control:
        return "control_tokens"
    if not reply.text:
        return "empty"
    return "too_long" if reply.tokens >= max_tokens else ""


if __name__ == "__main__":
    main()
