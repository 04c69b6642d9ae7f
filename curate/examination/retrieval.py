"""Searches a version for what may answer a question, as a shop does that puts its log behind a model.

BM25 ranks: what anybody would put up in an afternoon, without a model and without chance.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from curate.duplicates.exam_neighbours import checked_fields
from curate.examination.words import missing, words
from curate.store.read_version import read_manifest
from curate.system.parallel import every_core
from schemas.exam import ExamQuestion
from schemas.frame import SCHEMA
from schemas.record import Message

ROW = pl.Schema({name: SCHEMA[name] for name in ("id", "kind", "lang", "messages")})
"""What is read of a line."""
NOT_THE_SHOPS = ("general", "identity")
"""Kinds that are not searched: general chat is no business of the shop, and who the assistant is stands in the prompt.
A question about software would find three rows that say "I am …", and whoever is shown them speaks of itself.
"""
LONGEST = 200
"""Characters of a passage: three of them, as a question gets by default, take 600; what is longer ends with …"""
QUESTION = 80
"""Characters of its question, so that there is room for the answer."""
RANKED = 50
"""Exchanges that are looked at, the nearest first: many may give the same answer."""
BATCH = 4_000
"""Passages that are cut into words at once."""
FORMS = {"zh": "问：{}\n答：{}"}
OTHER_FORM = "Q: {}\nA: {}"


class Exchange(NamedTuple):
    """A question with its answer, in a row that is trained on; `number` is where in it."""

    row: str
    number: int
    passage: str
    answer: str


def passages(version: Path, questions: Sequence[ExamQuestion], most: int = 3) -> list[tuple[str, ...]]:
    """Find for each question up to `most` passages, nearest first; none where no word of a subject is shared.

    What is searched for is what the user says last, with what he said before that. Only rows that are trained on are
    searched, and of those what is the shop's. No two passages give the same answer. Raises InputError where a package
    is missing, and StoreError where a file of the version is damaged or missing.
    """
    exchanges = sorted(set(_exchanges(version)))
    if not exchanges or not questions:
        return [()] * len(questions)
    index, known = _index(exchanges)
    found = []
    for query in words([_query(question.messages) for question in questions]):
        ids = [known[word] for word in dict.fromkeys(query) if word in known]
        found.append(_nearest(index.get_scores_from_ids(ids), exchanges, most) if ids else ())
    return found


def _exchanges(version: Path) -> Iterator[Exchange]:
    """Take every question with its answer out of the shop's rows that are trained on."""
    for block in checked_fields(version, read_manifest(version).trained_on(), ROW):
        for id, _, lang, messages in block.filter(~pl.col("kind").is_in(NOT_THE_SHOPS)).iter_rows():
            for number, (asked, replied) in enumerate(pairwise(messages)):
                if (asked["role"], replied["role"]) == ("user", "assistant"):
                    question, answer = asked["content"].strip(), replied["content"].strip()
                    passage = FORMS.get(lang, OTHER_FORM).format(_cut(question, QUESTION), answer)
                    yield Exchange(id, number, _cut(passage, LONGEST), answer)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _query(messages: Sequence[Message]) -> str:
    """Take what the user said last, and before that: a question may go on from another."""
    return "\n".join([message.content for message in messages if message.role == "user"][-2:])


def _index(exchanges: Sequence[Exchange]) -> tuple[Any, dict[str, int]]:
    """Index the passages, each by what it shows; and number the words."""
    try:
        import bm25s
    except ImportError:
        raise missing("bm25s") from None
    known: dict[str, int] = {}
    numbered: list[list[int]] = []
    texts = [exchange.passage for exchange in exchanges]
    with every_core() as cores:
        for cut in cores.map(words, lambda start: texts[start : start + BATCH], range(0, len(texts), BATCH)):
            numbered += [[known.setdefault(word, len(known)) for word in passage] for passage in cut]
    index = bm25s.BM25(backend="numpy", csc_backend="numpy")
    known.setdefault("", len(known))  # a version may hold no word at all
    index.index((numbered, known), create_empty_token=False, show_progress=False)
    return index, known


def _nearest(scores: Any, exchanges: Sequence[Exchange], most: int) -> tuple[str, ...]:
    """Take the passages with the highest scores, the first of equals; each answer once."""
    rank = min(RANKED, len(scores))
    least = np.partition(scores, -rank)[-rank]
    candidates = np.flatnonzero((scores >= least) & (scores > 0))
    order = candidates[np.argsort(-scores[candidates], kind="stable")]
    by_answer: dict[str, str] = {}
    for number in order[:RANKED]:
        if len(by_answer) == most:
            break
        by_answer.setdefault(exchanges[number].answer, exchanges[number].passage)
    return tuple(by_answer.values())
