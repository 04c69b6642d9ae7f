"""Records into token ids, with labels on what the assistant says and everything else masked."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from schemas.record import Record
from train.models.chat_template import conversation
from train.models.rendering import Message, TemplateRefusalError, rendered, token_ids
from train.models.stop_tokens import turn_end
from train.models.template_traits import ANSWER, ANSWERED

IGNORED = -100
"""The label of a token that is not learnt from."""


@dataclass(frozen=True)
class TokenizedRecord:
    """A record as tokens, or one answer of it; `labels` has the ids of the assistant's tokens and IGNORED elsewhere."""

    id: str
    kind: str
    ids: tuple[int, ...]
    labels: tuple[int, ...]
    answer: int | None = None
    """The number of the answer that is learnt, from 1; None where all answers are."""

    @property
    def name(self) -> str:
        return self.id if self.answer is None else f"{self.id}#{self.answer}"

    def label_tokens(self) -> int:
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True)
class Skipped:
    """A record that cannot be trained on, or one answer of it, and why: a key of SKIP_REASONS."""

    id: str
    reason: str
    answer: int | None = None

    @property
    def name(self) -> str:
        return self.id if self.answer is None else f"{self.id}#{self.answer}"


class Labelled(NamedTuple):
    ids: list[int]
    labels: list[int]


TOO_LONG = "too_long"
REFUSED = "template_refuses"
"""The template raises an error, as for two questions in a row."""
REWRITTEN = "template_rewrites_answer"
"""The template leaves out a part of the answer or writes it in another way."""
ENDLESS = "no_turn_end"
"""Neither the template nor the model has a token that ends an answer."""
APART = "template_rewrites_history"
"""The conversation must be learnt answer by answer; no record is skipped for it."""


def tokenized(
    record: Record, tokenizer: Any, system: str | None, max_tokens: int, end: int | None = None
) -> list[TokenizedRecord | Skipped]:
    """Render a record as the model's template wants it, and label what the assistant says: each answer once.

    It is one sample where the template renders each beginning of the conversation as it renders that in the whole.
    Otherwise labels would land on the wrong tokens, and each answer is a sample of its own, rendered as the model
    will see it: Qwen3 strips its thinking from earlier answers. The oldest exchanges are left out while a sample is
    too long. `end` is the token that ends an answer where the template writes none.
    """
    messages: list[Message] = [{"role": m.role, "content": m.content} for m in record.messages]
    labeller = _Labeller(tokenizer, system, tokenizer.eos_token_id if end is None else end)

    whole = _fitted(messages, labeller.every_answer, max_tokens)
    if isinstance(whole, Labelled):
        return [TokenizedRecord(record.id, record.kind, tuple(whole.ids), tuple(whole.labels))]
    if whole == TOO_LONG:
        return [Skipped(record.id, TOO_LONG)]
    return _unrolled(record, messages, labeller, max_tokens)


def _unrolled(
    record: Record, messages: list[Message], labeller: "_Labeller", max_tokens: int
) -> list[TokenizedRecord | Skipped]:
    """Make one sample of every answer; one skipped record where no answer can be learnt."""
    behind = [n + 1 for n, message in enumerate(messages) if message["role"] == "assistant"]
    labelled = [_fitted(messages[:n], labeller.last_answer, max_tokens) for n in behind]
    if not any(isinstance(one, Labelled) for one in labelled):
        reasons = Counter(one for one in labelled if isinstance(one, str))
        return [Skipped(record.id, reasons.most_common(1)[0][0] if reasons else REFUSED)]

    numbers: list[int | None] = [None] if len(behind) == 1 else list(range(1, len(behind) + 1))
    return [
        Skipped(record.id, one, number)
        if isinstance(one, str)
        else TokenizedRecord(record.id, record.kind, tuple(one.ids), tuple(one.labels), number)
        for number, one in zip(numbers, labelled, strict=True)
    ]


def _fitted(
    messages: list[Message], label: Callable[[list[Message]], Labelled | str], max_tokens: int
) -> Labelled | str:
    """Label a conversation without as many of its oldest exchanges as do not fit; or the reason why not."""
    while True:
        try:
            labelled = label(messages)
        except TemplateRefusalError:
            return REFUSED
        if isinstance(labelled, str) or len(labelled.ids) <= max_tokens:
            return labelled

        shorter = _without_the_oldest(messages)
        if shorter is None:
            return TOO_LONG
        messages = shorter


def _without_the_oldest(messages: list[Message]) -> list[Message] | None:
    """Begin the conversation at its second question, behind its system message; None when there is no second."""
    questions = [n for n, message in enumerate(messages) if message["role"] == "user"]
    if len(questions) < 2:
        return None
    return [*(m for m in messages[:1] if m["role"] == "system"), *messages[questions[1] :]]


class _Labeller:
    """Finds labels by rendering a conversation up to an answer, and with it."""

    def __init__(self, tokenizer: Any, system: str | None, end: int | None) -> None:
        self.tokenizer, self.system, self.end = tokenizer, system, end
        self.turn_end = turn_end(tokenizer)

    def every_answer(self, messages: list[Message]) -> Labelled | str:
        """Label all answers in one rendering.

        An answer begins where the rendering up to it ends, with the template's opening of an answer, and ends with the
        control token behind it. That holds only where both renderings are beginnings of the whole, token by token.
        """
        if self.turn_end is None:
            return APART
        talk = conversation(messages, self.tokenizer, self.system)
        whole = token_ids(self.tokenizer, rendered(self.tokenizer, talk, begin=False))
        labels = [IGNORED] * len(whole)

        for n, message in enumerate(talk):
            if message["role"] != "assistant":
                continue
            prompt, text = self._up_to(talk, n)
            before, after = token_ids(self.tokenizer, prompt), token_ids(self.tokenizer, text)
            if whole[: len(before)] != before or whole[: len(after)] != after:
                return APART
            if message["content"].strip() not in text[len(prompt) :]:
                return APART

            stop = self._behind_turn_end(after, len(before))
            if stop is None:
                return APART
            labels[len(before) : stop] = whole[len(before) : stop]
        return Labelled(whole, labels)

    def last_answer(self, messages: list[Message]) -> Labelled | str:
        """Label the last message, in the conversation as the model will see it when it has to answer.

        Learnt is what follows the tokens that the rendering with the answer shares with the prompt: all of the answer,
        and no less where the prompt opens something that an answer does not have (R1's `<think>`). Where the template
        renders the history in another way once there is an answer, the answer is put behind the prompt itself.
        """
        talk = conversation(messages, self.tokenizer, self.system)
        prompt, whole = self._up_to(talk, len(talk) - 1)
        marked = rendered(self.tokenizer, [*talk[:-1], ANSWERED], begin=False)
        head, _, tail = marked.partition(ANSWER)
        answer = whole[len(head) : len(whole) - len(tail)]
        if head + answer + tail != whole or answer.strip() != talk[-1]["content"].strip():
            return REWRITTEN

        history = prompt[: _shared(prompt, rendered(self.tokenizer, talk[:-1], begin=False))]
        opening = head if whole.startswith(history) else _opening(prompt, head, talk[:-1])
        if self.turn_end is None and not tail.strip():
            tail = ""
        ids = token_ids(self.tokenizer, opening + answer + tail)
        starts = [_shared(ids, token_ids(self.tokenizer, text)) for text in (prompt, opening)]
        return self._ended(ids, min(starts), starts[1])

    def _up_to(self, talk: Sequence[Message], n: int) -> tuple[str, str]:
        """Render what comes before message `n`, where the assistant is to speak, and all up to that message."""
        return rendered(self.tokenizer, talk[:n], begin=True), rendered(self.tokenizer, talk[: n + 1], begin=False)

    def _ended(self, ids: list[int], start: int, words: int) -> Labelled | str:
        """Label from `start` to the end of the turn; a token that ends it is put there where the template has none.

        `words` is where the answer itself begins.
        """
        if self.turn_end is None:
            if self.end is None:
                return ENDLESS
            ids = [*ids, self.end]
        stop = len(ids) if self.turn_end is None else self._behind_turn_end(ids, words)
        if stop is None:
            return REWRITTEN
        return Labelled(ids, [*([IGNORED] * start), *ids[start:stop], *([IGNORED] * (len(ids) - stop))])

    def _behind_turn_end(self, ids: list[int], start: int) -> int | None:
        """Find the index behind the control token that ends a turn; None where there is none.

        That token is learnt; what a template puts after it is not, a line feed or the end of a text.
        """
        return next((n + 1 for n in range(start, len(ids)) if ids[n] == self.turn_end), None)


def _opening(prompt: str, head: str, talk: Sequence[Message]) -> str:
    """Put behind the last words of the prompt what the template writes between them and the answer."""
    words = talk[-1]["content"].strip() if talk else ""
    before, found, _ = prompt.rpartition(words)
    return before + words + head.rpartition(words)[2] if words and found and words in head else prompt


def _shared(one: Sequence[object], other: Sequence[object]) -> int:
    """Count the tokens or characters that two sequences begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
