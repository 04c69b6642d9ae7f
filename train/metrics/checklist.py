"""Checklists: an answer makes the points that it must make, in their order."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import rates_by_language
from train.metrics._points import alternatives, made_at
from train.metrics._reading import is_absent
from train.metrics._shares import means_by_language

RIGHT = Bilingual(
    "answers to the user's own questions that make every point listed, in one of its wordings, undenied and in the "
    "order of the list; more is better",
    "对自备考题按顺序说全了所列要点（任一写法、没有被否定）的回答；越高越好",
)
SHARE = Bilingual(
    "mean share of the points listed that an answer makes, whatever their order; more is better",
    "平均每题说到了所列要点的几成（不论顺序）；越高越好",
)


class ChecklistMetric(Metric):
    """What must be asked for and done first is no matter of taste."""

    probes: ClassVar[tuple[Probe, ...]] = ("own",)

    def marks(self, question: ExamQuestion) -> bool:
        return question.probe in self.probes and bool(question.steps)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q.steps, a) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        return rates_by_language("steps_right", questions, verdicts, lambda v: v == "right", RIGHT)

    def scored(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[Measure]:
        shares = [len(made(q.steps, a)) / len(q.steps) for q, a in zip(questions, answers, strict=True)]
        return means_by_language("steps_made", questions, shares, SHARE)


def made(steps: Sequence[str], answer: str) -> list[int]:
    """List the steps, by number, that an answer makes."""
    return [n for n, step in enumerate(steps) if next(made_at(alternatives(step), answer), None) is not None]


def in_order(steps: Sequence[str], answer: str) -> bool:
    """Tell whether the steps that an answer makes follow each other: each stands somewhere behind the one before."""
    last = -1
    for number in made(steps, answer):
        behind = [position for position in made_at(alternatives(steps[number]), answer) if position >= last]
        if not behind:
            return False
        last = behind[0]
    return True


def _verdict(steps: Sequence[str], answer: str) -> str:
    if is_absent("", answer):
        return "empty"
    found = made(steps, answer)
    if not found:
        return "missing"
    if not in_order(steps, answer):
        return "disordered"
    return "right" if len(found) == len(steps) else "half"
