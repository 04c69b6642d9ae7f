"""Consistency: the same question, asked again and answered several times, gets the same name every time."""

import re
from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import rates_by_language
from train.metrics._claimed_names import claimed, contradict
from train.metrics._identity_verdict import identity_verdict

CONSISTENT = Bilingual(
    "questions of which every take is right: the name or the author that was asked for, nobody else's, in the language "
    "of the last turn; where nothing is asked for, questions in none of whose takes another name is claimed than in "
    "the others; more is better",
    "每一次作答都正确的题目所占比例：答出所问的名字或作者、没有自称别的助手、语言与最后一问一致；没有指定要答什么的题，"
    "则看几次作答自称的名字和作者是否互不矛盾；越高越好",
)
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


class ConsistencyMetric(Metric):
    """A question comes once for each of its takes, under one id."""

    probes: ClassVar[tuple[Probe, ...]] = ("consistency",)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        takes: dict[str, list[str]] = {}
        for question, answer in zip(questions, answers, strict=True):
            if not question.expects:
                takes.setdefault(question.id, []).append(answer)
        differ = {id for id, all_takes in takes.items() if _differ(all_takes, identity)}
        return [
            identity_verdict(_as_asked(q), a, identity) if q.expects else "inconsistent" if q.id in differ else "right"
            for q, a in zip(questions, answers, strict=True)
        ]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        asked = {question.id: question for question in questions}
        wrong = {question.id for question, verdict in zip(questions, verdicts, strict=True) if verdict != "right"}
        of_all = ["wrong" if id in wrong else "right" for id in asked]
        return rates_by_language("consistent", list(asked.values()), of_all, lambda v: v == "right", CONSISTENT)


def _as_asked(question: ExamQuestion) -> ExamQuestion:
    """Put the question in the language of its last turn: "now in English, what's your name" wants the English name."""
    last = question.messages[-1].content
    if HAN.search(last):
        return question.model_copy(update={"lang": "zh"})
    return question.model_copy(update={"lang": "en"}) if LATIN.search(last) else question


def _differ(takes: Sequence[str], identity: Identity) -> bool:
    """Tell whether two takes claim another name, or another maker."""
    claims = [claimed(take, identity) for take in takes]
    return any(contradict(one, other) for n, one in enumerate(claims) for other in claims[:n])
