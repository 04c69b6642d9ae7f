"""Facts: what the business says, in numbers, dates, prices and names, must come out the same."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._accepted import is_accepted
from train.metrics._answer_checks import rates_by_language
from train.metrics._facts import Fate, fate, fates, stated
from train.metrics._groundedness import says_it_does_not_know, unknown_verdict
from train.metrics._identity_verdict import identity_verdict
from train.metrics._reading import is_absent
from train.metrics._shares import means_by_language

KEPT = Bilingual(
    "mean share of the facts of the logged answer (numbers with units, times, prices, names, usual terms of sale) that "
    "the answer states too, in whatever writing; questions whose logged answer states none are left out; more is "
    "better",
    "平均每题说对了原客服回答中几成的事实（带单位的数字、时间、价格、名称、常见条款，写法不限）；原回答不含事实的题不计；越高越好",
)
OWN = Bilingual(
    "the user's own questions whose answers state every fact required, an accepted string, and the name or author that "
    "is asked for, as far as each is given; or say that it cannot be known, where that is so; more is better",
    "自备考题中，要求的事实、可接受的说法、所问的名字或作者（给了哪样就看哪样）全部答对、无从得知的如实说明的比例；越高越好",
)


class FactsMetric(Metric):
    """Words may differ, facts may not."""

    probes: ClassVar[tuple[Probe, ...]] = ("in_scope", "own")

    def marks(self, question: ExamQuestion) -> bool:
        if question.probe == "own":
            return bool(question.facts or question.accept or question.expects) or (
                question.should_say_unknown is not None
            )
        return question.probe == "in_scope" and len(stated(question.reference, _asked(question))) > 0

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [
            _own_verdict(q, a, identity) if q.probe == "own" else _verdict(_fates(q, a), a)
            for q, a in zip(questions, answers, strict=True)
        ]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        own = [(q, v) for q, v in zip(questions, verdicts, strict=True) if q.probe == "own"]
        return rates_by_language("own_right", [q for q, _ in own], [v for _, v in own], lambda v: v == "right", OWN)

    def scored(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[Measure]:
        pairs = [(q, _fates(q, a)) for q, a in zip(questions, answers, strict=True) if q.probe == "in_scope"]
        shares = [found.count("kept") / len(found) for _, found in pairs]
        return means_by_language("facts_kept", [q for q, _ in pairs], shares, KEPT)


def _asked(question: ExamQuestion) -> str:
    return question.messages[-1].content


def _fates(question: ExamQuestion, answer: str) -> list[Fate]:
    return fates(stated(question.reference, _asked(question)), answer)


def _verdict(found: Sequence[Fate], answer: str) -> str:
    """Sum up what became of the facts: all kept, one contradicted, some kept, none."""
    if is_absent("", answer):
        return "empty"
    if "contradicted" in found:
        return "contradicted"
    kept = found.count("kept")
    return "right" if kept == len(found) else "half" if kept else "missing"


def _own_verdict(question: ExamQuestion, answer: str, identity: Identity) -> str:
    """Say `right` where all that is given is met, else what is wrong first: who it is, the answer, the facts."""
    if question.expects:
        found = identity_verdict(question, answer, identity)
        if found != "right":
            return found
    if question.should_say_unknown:
        sources = (*question.passages, *(message.content for message in question.messages))
        return unknown_verdict(sources, answer, identity)
    if question.accept and not is_accepted(_asked(question), answer, question.accept):
        return "empty" if is_absent("", answer) else "wrong"
    if question.facts:
        return _verdict([fate(fact, answer) for fact in question.facts], answer)
    gives_up = question.should_say_unknown is False and not question.accept and says_it_does_not_know(answer)
    return "not_found" if gives_up else "empty" if is_absent("", answer) else "right"
