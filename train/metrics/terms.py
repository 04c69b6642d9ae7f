"""Jargon: an answer to a customer explains the terms of the trade that the question holds."""

import re
from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import rates_by_language
from train.metrics._numerals import in_digits
from train.metrics._points import stands

EXPLAINED = Bilingual(
    "answers that explain all the jargon of their question: in one of the explanations listed, or in most of its "
    "words; more is better",
    "解释了题中全部行话的回答（用所列解释之一，或用到其中大部分字词）；越高越好",
)
ENOUGH_HAN, ENOUGH_STEMS = 0.65, 0.5
"""Shares of an explanation's characters, or word stems, that an answer must hold."""
SMALL_WORDS = frozenset((
    "the", "a", "an", "of", "in", "on", "to", "is", "are", "was", "for", "or", "and", "with", "by", "at", "be",
    "as", "you", "your", "we", "our", "us", "it", "its", "this", "that", "if", "when", "from", "can", "will",
    "they", "have",
))  # fmt: skip
EMPTY_HAN = frozenset("的是了就会把给和与在到按由被也都每这那你我他们可以一个时")


class TermsMetric(Metric):
    """An answer may be right, and still not be understood."""

    probes: ClassVar[tuple[Probe, ...]] = ("in_scope", "own")
    is_side: ClassVar[bool] = True

    def marks(self, question: ExamQuestion) -> bool:
        return question.probe in self.probes and bool(question.terms)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        return rates_by_language("terms_explained", questions, verdicts, lambda v: v == "right", EXPLAINED)


def _verdict(question: ExamQuestion, answer: str) -> str:
    explained = [
        any(_explains(explanation, term, answer) for explanation in explanations)
        for term, explanations in question.terms.items()
    ]
    return "right" if all(explained) else "unexplained"


def _explains(explanation: str, term: str, answer: str) -> bool:
    """Tell whether an answer says an explanation: literally, or in most of its words beside the term itself."""
    if stands(explanation, answer):
        return True
    text = in_digits(answer).replace(in_digits(term), " ")
    han, stems = _words(explanation, term)
    answered = {_stem(word) for word in re.findall(r"[a-z]+", text)}
    if len(han) >= 3:
        return sum(c in text for c in han) >= ENOUGH_HAN * len(han)
    return len(stems) >= 2 and sum(stem in answered for stem in stems) >= ENOUGH_STEMS * len(stems)


def _words(explanation: str, term: str) -> tuple[frozenset[str], frozenset[str]]:
    """List the Han characters and the word stems of an explanation that the term itself does not hold."""
    text, jargon = in_digits(explanation), in_digits(term)
    han = {c for c in text if "\u3400" <= c <= "\u9fff" and c not in EMPTY_HAN and c not in jargon}
    own = {_stem(word) for word in re.findall(r"[a-z]+", jargon)}
    stems = {_stem(word) for word in re.findall(r"[a-z]+", text) if word not in SMALL_WORDS}
    return frozenset(han), frozenset(stems - own)


def _stem(word: str) -> str:
    """Cut an ending off, so that deducted is deduct."""
    return re.sub(r"(?:ings?|ed|es|s|al|e)$", "", word) if len(word) > 4 else word
