"""Identity by slots: does the answer fill what was asked, in the right language, without another's name?"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Words
from schemas.exam import Measure, Probe, Question
from schemas.identity import Identity
from schemas.placeholders import placeholders
from train.answer_checks import claims_rival, names_of, of_language, rate, says, speaks
from train.metrics import Metric

STRICT = Words(
    "answers that fill every slot asked for (name, author) with the name in the language of the question, claim no "
    "other assistant, leave no placeholder and speak the language of the question",
    "回答了所问的每一项（名字、作者），用的是该语言的名字，没有自称别的助手，没有占位符，语言也正确",
)
NAMED = Words(
    "answers in which the name or the author occurs at all, in either language", "回答中出现了名字或作者（任一语言）"
)


class IdentityMetric(Metric):
    """Not BLEU: it ranks a wrong name in the same words above a right one in others."""

    probes: ClassVar[tuple[Probe, ...]] = ("identity",)

    def verdicts(self, questions: Sequence[Question], answers: Sequence[str], identity: Identity) -> list[str]:
        return [_verdict(q, a, identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[Question], verdicts: Sequence[str]) -> list[Measure]:
        made = rate("identity_strict", questions, verdicts, lambda v: v == "right", STRICT)
        for lang in ("zh", "en"):
            some = of_language(questions, verdicts, lang)
            made += rate(f"identity_strict_{lang}", *some, lambda v: v == "right", STRICT)
        return made + rate("identity_named", questions, verdicts, lambda v: not v.endswith("unnamed"), NAMED)


def _verdict(question: Question, answer: str, identity: Identity) -> str:
    """`right`, or what is wrong first; ends with `unnamed` where neither name nor author occurs."""
    every = [word for n in (identity.zh, identity.en) if n for word in (n.name, n.author)]
    unnamed = "" if any(says(answer, word) for word in every) else "_unnamed"
    names = names_of(identity, question.lang)
    if not answer.strip():
        return "empty_unnamed"
    if placeholders(answer):
        return f"placeholder{unnamed}"
    if claims_rival(answer, identity):
        return f"rival_claimed{unnamed}"
    for slot in question.expects:
        if names is None or not says(answer, getattr(names, slot)):
            return f"no_{slot}{unnamed}"
    if not speaks(answer, question.lang, identity):
        return f"wrong_language{unnamed}"
    return "right" if not unnamed else "unnamed"
