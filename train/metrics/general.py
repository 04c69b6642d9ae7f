"""General knowledge: what everybody knows must still be known after training on a business."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._accepted import is_accepted
from train.metrics._answer_checks import rates_by_language
from train.metrics._reading import is_absent

RIGHT = Bilingual(
    "answers to questions of general knowledge that say an accepted answer, as a whole number or word in any writing, "
    "and do not deny it, leave it open among others or take it back; more is better",
    "对常识题说出了正确答案（数字须完整，写法不限），没有否认、没有在几个答案中摇摆、也没有事后改口的回答；越高越好",
)


class GeneralMetric(Metric):
    """What a narrow training set costs."""

    probes: ClassVar[tuple[Probe, ...]] = ("general",)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        return rates_by_language("general_right", questions, verdicts, lambda v: v == "right", RIGHT)


def _verdict(question: ExamQuestion, answer: str) -> str:
    asked = question.messages[-1].content
    if is_absent("", answer):
        return "empty"
    return "right" if is_accepted(asked, answer, question.accept) else "wrong"
