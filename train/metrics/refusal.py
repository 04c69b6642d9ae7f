"""Refusals: what is out of scope must be declined."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Probe, Question
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import rates_by_language
from train.metrics._refusals import declines

REFUSED = Bilingual(
    "answers to out-of-scope questions with a mark of declining (a fixed list of phrases); more is better",
    "对超范围问题的回答中有婉拒用语（固定词表）；越高越好",
)


class RefusalMetric(Metric):
    """Counts the marks of a no; it does not judge whether the no is polite."""

    probes: ClassVar[tuple[Probe, ...]] = ("refusal",)

    def verdicts(self, questions: Sequence[Question], answers: Sequence[str], identity: Identity) -> list[str]:
        return ["right" if declines(answer) else "answered" for answer in answers]

    def measures(self, questions: Sequence[Question], verdicts: Sequence[str]) -> list[Measure]:
        return rates_by_language("refusal_rate", questions, verdicts, lambda v: v == "right", REFUSED)
