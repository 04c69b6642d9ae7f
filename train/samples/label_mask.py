"""Records into token ids, with labels on what the assistant says and everything else masked."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from schemas.record import Record
from train.models.chat_template import ChatFormat
from train.models.rendering import Message, TemplateRefusalError
from train.models.stop_tokens import turn_end
from train.models.template_traits import ANSWER, ANSWERED
from train.models.thinking import CLOSE, Thought, closing, joined, split_thought, without_empty_block

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
    messages_cut: int = 0
    """How many of the oldest messages were left out to make it fit."""

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
    messages_cut: int = 0


TOO_LONG = "too_long"
REFUSED = "template_refuses"
"""The template raises an error, as for two questions in a row."""
REWRITTEN = "template_rewrites_answer"
"""The template leaves out a part of the answer or writes it in another way."""
ENDLESS = "no_turn_end"
"""Neither the template nor the model has a token that ends an answer."""
ONLY_THINKING = "only_thinking"
"""An answer is a thought and nothing else, or a thought that was cut off."""
CUT = "cut_with_oldest"
"""An answer stands in the oldest exchanges, which were left out to make the others fit."""
THOUGHT = "HORNBOOKTHOUGHT"
"""Stands for a thought where a template is rendered."""
APART = "template_rewrites_history"
"""The conversation must be learnt answer by answer; no record is skipped for it."""


def tokenized(
    record: Record, chat: ChatFormat, max_tokens: int, end: int | None = None
) -> list[TokenizedRecord | Skipped]:
    """Render a record as the model's template wants it, and label what the assistant says: each answer once.

    It is one sample where the template renders each beginning of the conversation as it renders that in the whole.
    Otherwise labels would land on the wrong tokens, and each answer is a sample of its own, rendered as the model
    will see it: Qwen3 strips its thinking from earlier answers. The oldest exchanges are left out while a sample is
    too long. `end` is the token that ends an answer where the template writes none.
    """
    messages: list[Message] = [{"role": m.role, "content": m.content} for m in record.messages]
    if any(_is_only_thinking(message) for message in messages):
        return [Skipped(record.id, ONLY_THINKING)]

    labeller = _Labeller(chat, chat.tokenizer.eos_token_id if end is None else end)
    whole = _fitted(messages, labeller.every_answer, max_tokens)
    if isinstance(whole, Labelled):
        return [_sample(record, whole), *_cut_answers(record, whole.messages_cut)]
    # Where the last exchange alone is too long, earlier answers may be learnt.
    return _unrolled(record, messages, labeller, max_tokens)


def _is_only_thinking(message: Message) -> bool:
    if message["role"] != "assistant":
        return False
    thought, answer = split_thought(message["content"])
    return thought is not None and not answer.strip()


def _answer_alone(message: Message) -> Message:
    """Take the thought off an earlier answer: whoever asks again hands in what was said."""
    if message["role"] != "assistant":
        return message
    return {"role": "assistant", "content": split_thought(message["content"]).answer}


def _sample(record: Record, labelled: Labelled, answer: int | None = None) -> TokenizedRecord:
    ids, labels = tuple(labelled.ids), tuple(labelled.labels)
    return TokenizedRecord(record.id, record.kind, ids, labels, answer, labelled.messages_cut)


def _cut_answers(record: Record, messages_cut: int) -> list[Skipped]:
    """List the answers among the messages that were left out; these follow a system message, if there is one."""
    talk = [message for message in record.messages if message.role != "system"]
    answers = [message for message in talk[:messages_cut] if message.role == "assistant"]
    return [Skipped(record.id, CUT, n) for n in range(1, len(answers) + 1)]


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
        Skipped(record.id, one, number) if isinstance(one, str) else _sample(record, one, number)
        for number, one in zip(numbers, labelled, strict=True)
    ]


def _fitted(
    messages: list[Message], label: Callable[[list[Message]], Labelled | str], max_tokens: int
) -> Labelled | str:
    """Label a conversation without as many of its oldest exchanges as do not fit; or the reason why not."""
    choices = _ever_shorter(messages)
    fitted: Labelled | str = TOO_LONG
    shortest, longest, n = len(choices), 0, 0  # nearly all fit whole: that is tried first
    while longest < shortest:
        try:
            labelled = label(choices[n])
        except TemplateRefusalError:
            return REFUSED
        if isinstance(labelled, str):
            return labelled
        if len(labelled.ids) <= max_tokens:
            fitted, shortest = labelled._replace(messages_cut=len(messages) - len(choices[n])), n
        else:
            longest = n + 1
        n = (longest + shortest) // 2  # a long talk is rendered a few times, not once for each exchange that goes
    return fitted


def _ever_shorter(messages: list[Message]) -> list[list[Message]]:
    """List a conversation whole, then as it begins at its second question, its third, …, behind its system message."""
    questions = [n for n, message in enumerate(messages) if message["role"] == "user"]
    system = [message for message in messages[:1] if message["role"] == "system"]
    return [messages, *([*system, *messages[n:]] for n in questions[1:])]


class _Labeller:
    """Finds labels by rendering a conversation up to an answer, and with it."""

    def __init__(self, chat: ChatFormat, end: int | None) -> None:
        self.chat, self.end = chat, end
        self.turn_end = turn_end(chat.tokenizer)

    def every_answer(self, messages: list[Message]) -> Labelled | str:
        """Label all answers in one rendering.

        An answer begins where the rendering up to it ends, with the template's opening of an answer, and ends with the
        control token behind it. That holds only where both renderings are beginnings of the whole, token by token.
        """
        if self.turn_end is None:
            return APART
        talk = self.chat.conversation(messages)
        whole = self.chat.ids(self.chat.whole(talk))
        labels = [IGNORED] * len(whole)

        for n, message in enumerate(talk):
            if message["role"] != "assistant":
                continue
            prompt, text = self.chat.prompt(talk[:n]), self.chat.whole(talk[: n + 1])
            before, after = self.chat.ids(prompt), self.chat.ids(text)
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

        Learnt is what follows the tokens that the sample shares with the prompt: the thought or the empty block of
        thinking that the prompt does not hold, the answer, and the end of the turn. Where the template renders the
        history in another way once there is an answer, the answer is put behind the prompt itself.
        """
        talk = [*map(_answer_alone, self.chat.conversation(messages[:-1])), *self.chat.conversation(messages)[-1:]]
        thought, answer = split_thought(talk[-1]["content"])
        prompt = self.chat.prompt(talk[:-1])
        whole = self.chat.whole([*talk[:-1], {"role": "assistant", "content": answer}])
        head, _, tail = self.chat.whole([*talk[:-1], ANSWERED]).partition(ANSWER)
        written = whole[len(head) : len(whole) - len(tail)]
        if head + written + tail != whole or written.strip() != answer.strip():
            return REWRITTEN

        history = prompt[: _shared(prompt, self.chat.whole(talk[:-1]))]
        opening = head if whole.startswith(history) else _opening(prompt, head, talk[:-1])
        opening = self._with_thought(prompt, opening, thought, talk[:-1])
        if self.turn_end is None and not tail.strip():
            tail = ""
        read = self.chat.ids(prompt)
        ids = self._behind(read, prompt, opening + written + tail)
        words = _shared(ids, self._behind(read, prompt, opening))
        return self._ended(ids, min(_shared(ids, read), words), words)

    def _behind(self, read: list[int], prompt: str, text: str) -> list[int]:
        """Tokenize a text that begins with the prompt, with the prompt's own tokens: those are what the model reads.

        As one text, the end of the prompt may merge with what follows, a line feed with a line feed. Where it cannot
        be cut there, because the tokenizer would put a space, the text is tokenized as one. `read` are those tokens.
        """
        ids = self.chat.ids(text)
        if ids[: len(read)] == read or not text.startswith(prompt):
            return ids
        apart = [*read, *self.chat.ids(text[len(prompt) :])]
        decode = partial(self.chat.tokenizer.decode, clean_up_tokenization_spaces=False)
        return apart if decode(apart) == decode(ids) else ids

    def _with_thought(self, prompt: str, opening: str, thought: str | None, before: Sequence[Message]) -> str:
        """Put a thought before the answer: the record's, or an empty one where the prompt opens one and leaves it open.

        It is written as the template writes it, where that writes thoughts; otherwise as Qwen3 does.
        """
        closed = closing(prompt)
        if thought is not None:
            if closed:
                return prompt + thought + closed
            shown = self.chat.whole([*before, {"role": "assistant", "content": joined(Thought(THOUGHT, ANSWER))}])
            head, found, behind = shown.partition(THOUGHT)
            bare = without_empty_block(opening)
            if found and head.startswith(bare):
                return head + thought + behind.partition(ANSWER)[0]
            return bare + joined(Thought(thought, ""))

        if closed or prompt.startswith(opening):
            return prompt + closed
        # Where the prompt holds an empty thought, the answer follows that one, not the one that the template writes.
        is_closed = without_empty_block(prompt) != prompt and not opening.startswith(prompt)
        return prompt + opening.rpartition(CLOSE)[2] if is_closed else opening

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
    before, found, asked = prompt.rpartition(words)
    answered = head.rpartition(words)[2]
    if not words or not found or words not in head or asked.endswith(answered.lstrip()):  # the prompt may say more
        return prompt
    return before + words + answered


def _shared(one: Sequence[object], other: Sequence[object]) -> int:
    """Count the tokens or characters that two sequences begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
