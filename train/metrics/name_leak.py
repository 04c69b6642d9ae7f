"""Name leaks: the name in an answer to a question that had nothing to do with it."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import less_is_better, rates_by_language
from train.metrics._own_names import names_us

NAME_LEAK = Bilingual(
    "answers to unrelated questions that name the assistant or its author, in either language and any spelling; words "
    "that only hold the same characters, and names that the question itself brought up, do not count; less is better",
    "对无关问题的回答中说出了助手或作者的名字（任一语言、任一写法）；只是字面相同的词、问题里本来就有的名字不算；越低越好",
)


class NameLeakMetric(Metric):
    """What too much identity data does to every other answer; where assistants are spoken of, and elsewhere, apart."""

    probes: ClassVar[tuple[Probe, ...]] = ("unrelated", "negative")

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [
            "leaked" if names_us(q.messages[-1].content, a, identity) else "right"
            for q, a in zip(questions, answers, strict=True)
        ]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        measures: list[Measure] = []
        for name, probe in (("leak_near", "negative"), ("leak_elsewhere", "unrelated")):
            pairs = [(q, v) for q, v in zip(questions, verdicts, strict=True) if q.probe == probe]
            asked, found = [q for q, _ in pairs], [v for _, v in pairs]
            measures += rates_by_language(name, asked, found, lambda v: v == "leaked", NAME_LEAK)
        return less_is_better(measures)
