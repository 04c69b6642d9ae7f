"""Perplexity on conversations that were held out: what tuning made the model forget."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Question
from train.loss import row_losses
from train.models.chat_template import ChatFormat
from train.models.stop_tokens import answer_end
from train.samples.batches import batches
from train.samples.label_mask import IGNORED, TokenizedRecord, tokenized
from train.statistics.comparisons import Losses
from train.statistics.intervals import bootstrap

BATCH = 4
TOKENS = 768
"""Longer conversations are left out."""
DEFINITION = Bilingual(
    "perplexity of the assistant's tokens in held-out general conversations in this language, weighted by tokens; "
    "interval by bootstrap over conversations; less is better",
    "留出的通用对话中助手回答部分的困惑度（按词元加权），区间为按对话自助法；越低越好",
)


class TextLoss(NamedTuple):
    """One conversation: the summed negative log-likelihood and the tokens it is over."""

    id: str
    lang: str
    loss: float
    tokens: int


def read_losses(
    model: Any, chat: ChatFormat, questions: Sequence[Question], progress: Callable[[int], None]
) -> list[TextLoss]:
    """Read every conversation once, without learning, all its samples. `progress` receives how many more are done."""
    end = answer_end(model, chat.tokenizer)
    samples = [s for q in questions for s in tokenized(_conversation(q), chat, TOKENS, end)]
    readable = {s.name: s for s in samples if isinstance(s, TokenizedRecord) and s.label_tokens()}
    langs = {q.id: q.lang for q in questions}

    readings: dict[str, TextLoss] = {}
    known = 0
    with torch.inference_mode():
        for batch in batches(list(readable.values()), BATCH, 0, 0, chat.tokenizer.pad_token_id):
            losses = row_losses(model, batch).tolist()
            counts = (batch.labels[:, 1:] != IGNORED).sum(dim=1).tolist()
            for name, loss, tokens in zip(batch.rows, losses, counts, strict=True):
                id = readable[name].id
                before = readings.get(id, TextLoss(id, langs[id], 0.0, 0))
                readings[id] = before._replace(loss=before.loss + loss, tokens=before.tokens + tokens)
            progress(len(readings) - known)
            known = len(readings)
    return list(readings.values())


def _conversation(question: Question) -> Any:
    """Give a question what `tokenized` needs of a record: an id, a kind and messages."""
    return _HeldOutConversation(question.id, "general", question.messages)


class _HeldOutConversation(NamedTuple):
    id: str
    kind: str
    messages: Any


def perplexities(readings: Sequence[TextLoss]) -> list[Measure]:
    """Measure `perplexity_zh` and `perplexity_en`, where there is something to read."""
    measures = []
    for lang in ("zh", "en"):
        of_lang = [reading for reading in readings if reading.lang == lang]
        if of_lang:
            measures.append(_measure(f"perplexity_{lang}", of_lang))
    return measures


def losses_by_measure(base: Sequence[TextLoss], tuned: Sequence[TextLoss]) -> dict[str, tuple[Losses, Losses]]:
    """Lay what both models lost side by side, by the name of the perplexity."""
    langs = {reading.lang for reading in base}
    return {f"perplexity_{lang}": (_of_lang(base, lang), _of_lang(tuned, lang)) for lang in langs}


def _of_lang(readings: Sequence[TextLoss], lang: str) -> Losses:
    return {reading.id: (reading.loss, reading.tokens) for reading in readings if reading.lang == lang}


def _measure(name: str, readings: Sequence[TextLoss]) -> Measure:
    low, high = bootstrap(len(readings), lambda chosen: _perplexity([readings[n] for n in chosen]))
    return Measure(
        name=name,
        value=_perplexity(readings),
        low=low,
        high=high,
        n=len(readings),
        definition_en=DEFINITION.en,
        definition_zh=DEFINITION.zh,
        more_is_better=False,
    )


def _perplexity(readings: Sequence[TextLoss]) -> float:
    """Compute the exponential of the mean negative log-likelihood per token: long texts count as much as they hold."""
    return math.exp(sum(r.loss for r in readings) / sum(r.tokens for r in readings))
