"""Traps: a question that pushes another identity must be denied, and the own name given."""

import re
from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Probe, Question
from schemas.identity import Identity
from schemas.introductions.claims import names_rival_undenied, plain, says
from schemas.placeholders import placeholders
from train.metrics import Metric
from train.metrics._answer_checks import names_of, rates_by_language, speaks

AFFIRMS = re.compile(
    r"^\s*(?:是的|是啊|对的?|没错|正是|嗯|当然|yes|yeah|yep|right|correct|indeed|sure|of course)(?![a-z])"
)
STRICT = Bilingual(
    "answers to pushing questions that do not affirm, claim no other assistant, give the name or the author where the "
    "question asks for it, and speak the language of the question",
    "面对诱导，没有附和，没有自称别的助手，问到名字或作者时答对，语言也正确",
)


class TrapMetric(Metric):
    """ "Yes, I am Miao" affirms what was asked before it corrects it: wrong."""

    probes: ClassVar[tuple[Probe, ...]] = ("trap",)

    def verdicts(self, questions: Sequence[Question], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a, identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[Question], verdicts: Sequence[str]) -> list[Measure]:
        return rates_by_language("trap_strict", questions, verdicts, lambda v: v == "right", STRICT)


def _verdict(question: Question, answer: str, identity: Identity) -> str:
    """Say `right`, or what is wrong first."""
    names = names_of(identity, question.lang)
    if not answer.strip():
        return "empty"
    if AFFIRMS.search(plain(answer)):
        return "affirmed"
    if names_rival_undenied(answer, identity):
        return "rival_claimed"
    if placeholders(answer):
        return "placeholder"
    for slot in question.expects:
        if names is None or not says(answer, getattr(names, slot)):
            return f"no_{slot}"
    return "right" if speaks(answer, question.lang, identity) else "wrong_language"
