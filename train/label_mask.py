"""Records into token ids, with labels on what the assistant says and everything else masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.record import Record
from train.models.chat_template import defused, with_system

IGNORED = -100
"""The label of a token that is not learnt from."""


@dataclass(frozen=True)
class TokenizedRecord:
    """One record as tokens; `labels` has the ids of the assistant's tokens and IGNORED elsewhere."""

    id: str
    kind: str
    ids: tuple[int, ...]
    labels: tuple[int, ...]

    def label_tokens(self) -> int:
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True)
class Skipped:
    """A record that cannot be trained on, and why."""

    id: str
    reason: str


def tokenized(record: Record, tokenizer: Any, system: str | None, max_tokens: int) -> TokenizedRecord | Skipped:
    """Render a record as the model's template wants it, and label what the assistant says.

    The oldest exchanges are left out while it is too long. Skipped with `too_long` when one exchange alone is, and
    with `template_rewrites_history` when the template renders the beginning of a conversation in another way than
    the whole: labels would land on the wrong tokens.
    """
    messages = [{"role": m.role, "content": m.content} for m in record.messages]
    while True:
        labelled = _labelled(messages, tokenizer, system)
        if labelled is None:
            return Skipped(record.id, "template_rewrites_history")
        ids, labels = labelled
        if len(ids) <= max_tokens:
            return TokenizedRecord(record.id, record.kind, tuple(ids), tuple(labels))

        shorter = _without_the_oldest(messages)
        if shorter is None:
            return Skipped(record.id, "too_long")
        messages = shorter


def _without_the_oldest(messages: list[dict[str, str]]) -> list[dict[str, str]] | None:
    """Begin the conversation at its second question, behind its system message; None when there is no second."""
    questions = [n for n, message in enumerate(messages) if message["role"] == "user"]
    if len(questions) < 2:
        return None
    return [*(m for m in messages[:1] if m["role"] == "system"), *messages[questions[1] :]]


def _labelled(messages: list[dict[str, str]], tokenizer: Any, system: str | None) -> tuple[list[int], list[int]] | None:
    """Find ids and labels by rendering the conversation turn by turn; None when a beginning is not that of the whole.

    A turn of the assistant begins where the rendering up to it ends, with the template's opening of an answer, and ends
    where the rendering with it ends. That holds only where both are beginnings of the whole, token by token.
    """
    talk = with_system(defused(messages, tokenizer), system)
    whole = _ids(tokenizer, talk, begin=False)
    labels = [IGNORED] * len(whole)
    for n, message in enumerate(talk):
        if message["role"] != "assistant":
            continue
        before, after = _ids(tokenizer, talk[:n], begin=True), _ids(tokenizer, talk[: n + 1], begin=False)
        if whole[: len(before)] != before or whole[: len(after)] != after:
            return None
        end = _turn_end(after, len(before), tokenizer)
        labels[len(before) : end] = whole[len(before) : end]
    return whole, labels


def _turn_end(ids: list[int], start: int, tokenizer: Any) -> int:
    """Find the index behind the last control token of the turn.

    That token is learnt; the line feed that a template puts after it is not.
    """
    control = set(tokenizer.all_special_ids)
    return next((n + 1 for n in range(len(ids) - 1, start - 1, -1) if ids[n] in control), len(ids))


def _ids(tokenizer: Any, talk: Sequence[Any], *, begin: bool) -> list[int]:
    text = tokenizer.apply_chat_template(talk, tokenize=False, add_generation_prompt=begin)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
