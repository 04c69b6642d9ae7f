"""Identity by slots: does the answer fill what was asked, in the right language, without another's name?"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe, Question
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import of_language, rate, speaks
from train.metrics._own_names import is_named, simplified
from train.metrics._reading import is_absent
from train.metrics._roles import denies, fills, is_foreign_tongue, own_forms, swaps
from train.metrics._stances import accepts_another, blanks, says_it_is_another

STRICT = Bilingual(
    "answers that fill every slot asked for (name, author) with the name in the language of the question, swap and "
    "deny neither, claim no other assistant or maker, leave no placeholder and speak the language of the question",
    "回答了所问的每一项（名字、作者），用的是该语言的名字，没有说反或否认，没有自称别的助手或厂商，没有占位符，语言也正确",
)
NAMED = Bilingual(
    "answers in which the name or the author occurs at all, in either language and any spelling",
    "回答中出现了名字或作者（任一语言、任一写法）",
)


class IdentityMetric(Metric):
    """Not BLEU: it ranks a wrong name in the same words above a right one in others."""

    probes: ClassVar[tuple[Probe, ...]] = ("identity",)

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, simplified(a), identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        measures = rate("identity_strict", questions, verdicts, lambda v: v == "right", STRICT)
        for lang in ("zh", "en"):
            of_lang = of_language(questions, verdicts, lang)
            measures += rate(f"identity_strict_{lang}", *of_lang, lambda v: v == "right", STRICT)
        return measures + rate("identity_named", questions, verdicts, lambda v: not v.endswith("unnamed"), NAMED)


def _verdict(question: Question, answer: str, identity: Identity) -> str:
    """Say `right`, or what is wrong first; it ends with `unnamed` where neither name nor author occurs."""
    unnamed = "" if is_named(answer, own_forms(identity)) else "_unnamed"
    if is_absent(question.messages[-1].content, answer):
        return "empty_unnamed"
    if says_it_is_another(answer, identity) or accepts_another(question.messages[-1].content, answer, identity):
        return f"rival_claimed{unnamed}"
    if swaps(question, answer, identity):
        return "swapped"
    if denies(question, answer, identity):
        return "denied"
    if blanks(answer):
        return f"placeholder{unnamed}"
    if not unnamed and (is_foreign_tongue(answer) or not speaks(answer, question.lang, identity)):
        return "wrong_language"
    for slot in question.expects:
        if not fills(question, slot, answer, identity):
            return f"no_{slot}{unnamed}"
    return "right"
