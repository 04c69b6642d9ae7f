"""Shows one row of a version as it is trained, and trains nothing: `hornbook labels`."""

from collections.abc import Sequence
from pathlib import Path

from schemas.job import Job, Thinking, TrainSettings
from schemas.labelled_row import LabelledRow, LabelledSample
from schemas.preflight import UntrainedAnswer
from schemas.record import Message
from train.events import emit_event, run_program
from train.models.chat_template import ChatFormat
from train.models.model import load_outline
from train.models.stop_tokens import answer_end
from train.models.thinking import CLOSE, OPEN, joined, split_thought
from train.samples.label_mask import Skipped, TokenizedRecord, tokenized
from train.samples.pieces import pieces_of
from train.version_reader import TrainingRow, read_row

MARKS = (OPEN, CLOSE)
"""What shows that a thought stands in a text."""


def main() -> None:
    run_program(show_labels)


def show_labels(job: Job) -> None:
    """Read the row that the job names, and say what the trainer makes of it. No weights are loaded.

    Raises InputError for a row or a model that is not here, and StoreError for a shard that is damaged.
    """
    row = read_row(Path(job.version), job.row)
    emit_event("phase", name="load")
    outline = load_outline(job.train.model)
    chat = ChatFormat(outline.tokenizer, job.train.system, job.train.thinking)
    found = labelled_row(row, chat, job.train, answer_end(outline.model, outline.tokenizer))
    emit_event("labels", document=found.model_dump_json())


def labelled_row(row: TrainingRow, chat: ChatFormat, settings: TrainSettings, end: int | None) -> LabelledRow:
    """Tokenize a row as the trainer does; `end` ends an answer where the template writes no token for that."""
    outcomes = tokenized(row.record, chat, settings.max_tokens, end)
    samples = [_sample(one, chat) for one in outcomes if isinstance(one, TokenizedRecord)]
    skipped = [one for one in outcomes if isinstance(one, Skipped)]
    return LabelledRow(
        id=row.record.id,
        kind=row.record.kind,
        row=row.number,
        rows=row.of,
        model=settings.model,
        system=chat.system,
        thinking=chat.thinking,
        max_tokens=settings.max_tokens,
        samples=tuple(samples),
        untrained=tuple(UntrainedAnswer(id=one.id, answer=one.answer, reason=one.reason) for one in skipped),
        thought_left_out=bool(samples) and _leaves_out_thought(row.record.messages, chat.thinking),
    )


def _sample(sample: TokenizedRecord, chat: ChatFormat) -> LabelledSample:
    control = {int(chat.tokenizer.convert_tokens_to_ids(token)) for token in chat.traits.control}
    return LabelledSample(
        name=sample.name,
        pieces=pieces_of(chat.tokenizer, sample, control),
        tokens=len(sample.ids),
        learnt=sample.label_tokens(),
        messages_cut=sample.messages_cut,
    )


def _leaves_out_thought(messages: Sequence[Message], thinking: Thinking) -> bool:
    """Tell whether a mark of thinking in an answer is not learnt with it."""
    for message in messages:
        parts = split_thought(message.content)
        learnt = joined(parts) if thinking == "keep" else parts.answer
        if message.role == "assistant" and any(learnt.count(mark) < message.content.count(mark) for mark in MARKS):
            return True
    return False


if __name__ == "__main__":
    main()
