"""Reads answers, learns nothing: the mean loss of a token of each, in its conversation and to no question."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from schemas.digest import digest
from schemas.errors import InputError
from schemas.job import Job
from schemas.run_files import RunFiles
from schemas.scores import AnswerLosses, AnswersRead, UnreadAnswer
from train.events import emit_event, run_program
from train.examination.answering import Headway
from train.loss import row_losses
from train.models.chat_template import ChatFormat
from train.models.model import load_model
from train.models.stop_tokens import answer_end
from train.run_files import write_whole
from train.samples.batches import Batch, batches
from train.scoring.loss_book import LossBook, MeanLoss
from train.scoring.samples import AnswerSamples, samples_of


def main() -> None:
    run_program(score)


def score(job: Job) -> None:
    """Write `answers_read.json` into the run's folder: the losses of every answer in `unread_answers.jsonl`.

    They are kept batch by batch: a work that was interrupted goes on where it stopped. Raises InputError where there is
    no answer to read.
    """
    emit_event("phase", name="load")
    files = RunFiles(Path(job.run))
    lines = files.unread_answers.read_bytes().split(b"\n") if files.unread_answers.is_file() else []
    answers = [UnreadAnswer.model_validate_json(line) for line in lines if line]
    if not answers:
        raise InputError("there are no answers to read", "没有可读的回答")
    loaded = load_model(job.train.model, None, job.train.device)
    chat = ChatFormat(loaded.tokenizer, job.train.system, job.train.thinking)
    dtype = str(loaded.model.dtype).removeprefix("torch.")

    end = answer_end(loaded.model, chat.tokenizer)
    found = {answer.id: samples_of(answer, chat, job.train.max_tokens, end) for answer in answers}
    samples = list(chain.from_iterable(pair for pair in found.values() if isinstance(pair, AnswerSamples)))
    book = LossBook(files.losses, digest(loaded.digest, dtype))
    losses = _read(loaded.model, list(batches(samples, job.train.batch, 0, 0, chat.tokenizer.pad_token_id)), book)

    read = tuple(_losses(id, found[id], losses) for id in sorted(found))
    written = AnswersRead(model=loaded.digest, dtype=dtype, answers=read)
    write_whole(files.answers_read, written.model_dump_json(indent=1))
    emit_event("done", answers=len(read))


def _read(model: Any, read_together: Sequence[Batch], book: LossBook) -> dict[str, MeanLoss]:
    """Read the batches: out of the book where they were read before."""
    headway = Headway(sum(len(batch.rows) for batch in read_together))
    losses: dict[str, MeanLoss] = {}
    with torch.inference_mode():
        for batch in read_together:
            known = book.get(batch)
            if known is None:
                known = book.add(batch, row_losses(model, batch).tolist())
            losses |= dict(zip(batch.rows, known, strict=True))
            headway.advance("base", len(batch.rows))
    return losses


def _losses(id: str, samples: AnswerSamples | str, losses: Mapping[str, MeanLoss]) -> AnswerLosses:
    if isinstance(samples, str):
        return AnswerLosses(id=id, fault=samples)
    answered, alone = losses[samples.answered.name], losses[samples.alone.name]
    return AnswerLosses(id=id, loss=answered.loss, loss_alone=alone.loss, tokens=answered.tokens)


if __name__ == "__main__":
    main()
