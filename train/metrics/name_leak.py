"""Name leaks: the name in an answer to a question that had nothing to do with it."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Probe, Question
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import less_is_better, own_names, rates_by_language, says

NAME_LEAK = Bilingual(
    "answers to unrelated questions in which the name or the author occurs, in either language; less is better",
    "对无关问题的回答中出现了名字或作者（任一语言）；越低越好",
)


class NameLeakMetric(Metric):
    """What too much identity data does to every other answer; where assistants are spoken of, and elsewhere, apart."""

    probes: ClassVar[tuple[Probe, ...]] = ("unrelated", "negative")

    def verdicts(self, questions: Sequence[Question], answers: Sequence[str], identity: Identity) -> list[str]:
        ours = own_names(identity)
        return ["leaked" if any(says(answer, name) for name in ours) else "right" for answer in answers]

    def measures(self, questions: Sequence[Question], verdicts: Sequence[str]) -> list[Measure]:
        measures: list[Measure] = []
        for name, probe in (("leak_near", "negative"), ("leak_elsewhere", "unrelated")):
            pairs = [(q, v) for q, v in zip(questions, verdicts, strict=True) if q.probe == probe]
            asked, found = [q for q, _ in pairs], [v for _, v in pairs]
            measures += rates_by_language(name, asked, found, lambda v: v == "leaked", NAME_LEAK)
        return less_is_better(measures)
