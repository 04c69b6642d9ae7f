"""Two samples of each answer: in its conversation, and to a question that says nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from schemas.record import Message
from schemas.scores import UnreadAnswer
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED, TokenizedRecord, tokenized


class AnswerSamples(NamedTuple):
    """The last answer of a conversation as it is learnt, and as it would be with an empty question and nothing before
    it. Labels are on its tokens alone.
    """

    answered: TokenizedRecord
    alone: TokenizedRecord


class _Talk(NamedTuple):
    """What `tokenized` needs of a record."""

    id: str
    kind: str
    messages: Sequence[Message]


def samples_of(answer: UnreadAnswer, chat: ChatFormat, max_tokens: int, end: int | None) -> AnswerSamples | str:
    """Make both samples; or a key of SKIP_REASONS where a training would skip the answer."""
    system = [message for message in answer.messages[:1] if message.role == "system"]
    empty = [*system, Message(role="user", content=""), answer.messages[-1]]
    answered = _last_answer(_Talk(f"{answer.id}", "", answer.messages), chat, max_tokens, end)
    alone = _last_answer(_Talk(f"{answer.id} alone", "", empty), chat, max_tokens, end)
    if isinstance(answered, str):
        return answered
    return alone if isinstance(alone, str) else AnswerSamples(answered, alone)


def _last_answer(talk: Any, chat: ChatFormat, max_tokens: int, end: int | None) -> TokenizedRecord | str:
    """Tokenize a conversation as the trainer does, and keep the labels of its last answer alone."""
    outcomes = tokenized(talk, chat, max_tokens, end)
    whole = outcomes[0]
    last = whole if isinstance(whole, TokenizedRecord) and whole.answer is None else outcomes[-1]
    if not isinstance(last, TokenizedRecord):
        return last.reason
    behind = max(n for n, label in enumerate(last.labels) if label != IGNORED) + 1
    begin = next((n + 1 for n in range(behind - 1, -1, -1) if last.labels[n] == IGNORED), 0)
    labels = (*[IGNORED] * begin, *last.labels[begin:])
    return replace(last, labels=labels, answer=None)
