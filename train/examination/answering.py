"""Lets a model answer what it is asked, batch by batch, and keeps every batch at once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.digest import digest
from schemas.job import ExamSettings
from train.events import emit_event
from train.examination.answer_book import AnswerBook, AnsweredBatch
from train.examination.contestants import Ask, is_sampled
from train.examination.generation import Decoding, Reply, by_length, replies
from train.models.chat_template import ChatFormat


class Given(NamedTuple):
    """What was asked and answered, in the order of the paper, and the seconds that each answer took."""

    asks: tuple[Ask, ...]
    replies: tuple[Reply, ...]
    seconds: tuple[float, ...]

    def tokens(self) -> int:
        return sum(reply.tokens for reply in self.replies)

    def on_part(self) -> "Given":
        """Keep what all contestants answer."""
        chosen = [n for n, ask in enumerate(self.asks) if ask.question.is_part]
        return Given(
            tuple(self.asks[n] for n in chosen),
            tuple(self.replies[n] for n in chosen),
            tuple(self.seconds[n] for n in chosen),
        )


class Sitter(NamedTuple):
    """A model that answers: its weights by a digest, and the template by which it is asked."""

    model: Any
    chat: ChatFormat
    weights: str


@dataclass
class Headway:
    """How many answers are there, over all who are asked, and how long the rest will take."""

    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)

    def advance(self, name: str, count: int) -> None:
        """Tell that so many more answers are there; what was kept from before makes the guess too short at first."""
        self.done += count
        left = (time.monotonic() - self.started) / self.done * (self.total - self.done)
        emit_event("answer", done=self.done, of=self.total, model=name, seconds_left=round(left))


class Rules(NamedTuple):
    """What holds for everyone who sits the exam."""

    book: AnswerBook
    exam: ExamSettings
    seed: int
    """Of the answers that are drawn."""


def answer_all(sitter: Sitter, asks: Sequence[Ask], rules: Rules, on_answers: Callable[[int], None]) -> Given:
    """Answer all that is asked: out of the book where it was answered before, else anew.

    `on_answers` receives how many more are there, batch by batch. Greedy answers and drawn ones
    never share a batch, nor do questions of the user's own with others: these keep their answers when he asks more.
    Each batch of drawn ones has a seed of its own.
    """
    prompts = [sitter.chat.prompt_ids(ask.messages) for ask in asks]
    given: dict[int, tuple[Reply, float]] = {}
    groups: dict[tuple[bool, bool], list[int]] = {}
    for n, ask in enumerate(asks):
        groups.setdefault((is_sampled(ask.question), ask.question.probe == "own"), []).append(n)
    for (is_drawn, _), chosen in groups.items():
        for number, batch in enumerate(by_length([prompts[n] for n in chosen], rules.exam.batch)):
            positions = [chosen[n] for n in batch]
            decoding = Decoding(rules.exam.max_new_tokens, _seed(rules.seed, number) if is_drawn else None)
            answered = answer_batch(sitter, [prompts[n] for n in positions], rules.book, decoding)
            share = answered.seconds / len(positions)
            given |= {n: (reply, share) for n, reply in zip(positions, answered.replies, strict=True)}
            on_answers(len(positions))
    in_order = [given[n] for n in range(len(asks))]
    return Given(tuple(asks), tuple(reply for reply, _ in in_order), tuple(seconds for _, seconds in in_order))


def _seed(seed: int, batch: int) -> int:
    return int(digest("drawn", seed, batch)[:15], 16)


def answer_batch(sitter: Sitter, prompts: Sequence[list[int]], book: AnswerBook, decoding: Decoding) -> AnsweredBatch:
    """Look a batch up, or answer it and write it down."""
    key = digest("answers", sitter.weights, list(prompts), *decoding)
    kept = book.get(key)
    if kept is not None and len(kept.replies) == len(prompts):
        return kept
    started = time.perf_counter()
    answered = replies(sitter.model, sitter.chat, prompts, decoding)
    batch = AnsweredBatch(tuple(answered), round(time.perf_counter() - started, 3))
    book.add(key, batch)
    return batch
