"""Traps: a question that pushes another identity must be denied, and the own name given."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe, Question
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import rates_by_language, speaks
from train.metrics._own_names import simplified
from train.metrics._roles import fills
from train.metrics._stances import blanks, stance

STRICT = Bilingual(
    "answers to pushing questions that deny the push or say who they are, leave nothing half open, claim no other "
    "assistant, give the name or the author where the question asks for it, and speak the language of the question",
    "面对诱导，予以否认或说出自己是谁，不模棱两可，没有自称别的助手，问到名字或作者时答对，语言也正确",
)


class TrapMetric(Metric):
    """ "Yes, I am Miao" affirms what was asked before it corrects it: wrong."""

    probes: ClassVar[tuple[Probe, ...]] = ("trap",)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, simplified(a), identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        return rates_by_language("trap_strict", questions, verdicts, lambda v: v == "right", STRICT)


def _verdict(question: Question, answer: str, identity: Identity) -> str:
    """Say `right`, or what is wrong first: what it says to the push, then what else it should say."""
    found = stance(question.messages[-1].content, answer, identity)
    if found != "denied":
        return found
    if blanks(answer):
        return "placeholder"
    for slot in question.expects:
        if not fills(question, slot, answer, identity):
            return f"no_{slot}"
    return "right" if speaks(answer, question.lang, identity) else "wrong_language"
