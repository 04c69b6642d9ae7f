"""Perplexity on conversations that were held out: what tuning made the model forget."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch

from schemas.bilingual import Words
from schemas.exam import Measure, Question
from train.batches import batches
from train.intervals import bootstrap
from train.label_mask import IGNORED, Row, row_of
from train.loss import row_losses

BATCH = 4
TOKENS = 768
"""Longer conversations are left out."""
DEFINITION = Words(
    "perplexity of the assistant's tokens in held-out general conversations in this language, weighted by tokens; "
    "interval by bootstrap over conversations; less is better",
    "留出的通用对话中助手回答部分的困惑度（按词元加权），区间为按对话自助法；越低越好",
)


class Reading(NamedTuple):
    """One conversation: the summed negative log-likelihood and the tokens it is over."""

    lang: str
    loss: float
    tokens: int


def read(
    model: Any, tokenizer: Any, questions: Sequence[Question], system: str | None, progress: Callable[[int], None]
) -> list[Reading]:
    """Reads every conversation once, without learning. `progress` is told how many are done."""
    rows = {q.id: row_of(_conversation(q), tokenizer, system, TOKENS) for q in questions}
    langs = {q.id: q.lang for q in questions}
    readable = [row for row in rows.values() if isinstance(row, Row) and row.label_tokens()]
    readings: list[Reading] = []
    with torch.inference_mode():
        for batch in batches(readable, BATCH, 0, 0, tokenizer.pad_token_id):
            losses = row_losses(model, batch).tolist()
            counts = (batch.labels[:, 1:] != IGNORED).sum(dim=1).tolist()
            readings += [Reading(langs[id], *found) for id, *found in zip(batch.rows, losses, counts, strict=True)]
            progress(len(readings))
    return readings


def _conversation(question: Question) -> Any:
    """What `row_of` needs of a record: an id, a kind and messages."""
    return _Talk(question.id, "general", question.messages)


class _Talk(NamedTuple):
    id: str
    kind: str
    messages: Any


def perplexities(readings: Sequence[Reading]) -> list[Measure]:
    """`perplexity_zh` and `perplexity_en`, where there is something to read."""
    made = []
    for lang in ("zh", "en"):
        some = [reading for reading in readings if reading.lang == lang]
        if not some:
            continue
        low, high = bootstrap(len(some), lambda chosen, some=some: _perplexity([some[n] for n in chosen]))  # type: ignore[misc]
        made.append(
            Measure(
                name=f"perplexity_{lang}",
                value=_perplexity(some),
                low=low,
                high=high,
                n=len(some),
                definition_en=DEFINITION.en,
                definition_zh=DEFINITION.zh,
            )
        )
    return made


def _perplexity(readings: Sequence[Reading]) -> float:
    return math.exp(sum(r.loss for r in readings) / sum(r.tokens for r in readings))
