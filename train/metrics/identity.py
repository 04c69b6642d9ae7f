"""Identity by slots: does the answer fill what was asked, in the right language, without another's name?"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Probe, Question
from schemas.identity import Identity
from schemas.introductions.claims import names_rival_undenied, own_names, says
from schemas.placeholders import placeholders
from train.metrics import Metric
from train.metrics._answer_checks import names_of, of_language, rate, speaks

STRICT = Bilingual(
    "answers that fill every slot asked for (name, author) with the name in the language of the question, claim no "
    "other assistant, leave no placeholder and speak the language of the question",
    "回答了所问的每一项（名字、作者），用的是该语言的名字，没有自称别的助手，没有占位符，语言也正确",
)
NAMED = Bilingual(
    "answers in which the name or the author occurs at all, in either language", "回答中出现了名字或作者（任一语言）"
)


class IdentityMetric(Metric):
    """Not BLEU: it ranks a wrong name in the same words above a right one in others."""

    probes: ClassVar[tuple[Probe, ...]] = ("identity",)

    def verdicts(self, questions: Sequence[Question], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a, identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[Question], verdicts: Sequence[str]) -> list[Measure]:
        measures = rate("identity_strict", questions, verdicts, lambda v: v == "right", STRICT)
        for lang in ("zh", "en"):
            of_lang = of_language(questions, verdicts, lang)
            measures += rate(f"identity_strict_{lang}", *of_lang, lambda v: v == "right", STRICT)
        return measures + rate("identity_named", questions, verdicts, lambda v: not v.endswith("unnamed"), NAMED)


def _verdict(question: Question, answer: str, identity: Identity) -> str:
    """Say `right`, or what is wrong first; it ends with `unnamed` where neither name nor author occurs."""
    unnamed = "" if any(says(answer, name) for name in own_names(identity)) else "_unnamed"
    names = names_of(identity, question.lang)

    if not answer.strip():
        return "empty_unnamed"
    if placeholders(answer):
        return f"placeholder{unnamed}"
    if names_rival_undenied(answer, identity):
        return f"rival_claimed{unnamed}"
    for slot in question.expects:
        if names is None or not says(answer, getattr(names, slot)):
            return f"no_{slot}{unnamed}"
    if not speaks(answer, question.lang, identity):
        return f"wrong_language{unnamed}"
    return "right" if not unnamed else "unnamed"
