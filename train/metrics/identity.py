"""Identity by slots: does the answer fill what was asked, in the right language, without another's name?"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from train.metrics import Metric
from train.metrics._answer_checks import rates_by_language
from train.metrics._identity_verdict import identity_verdict

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
        return [identity_verdict(q, a, identity) for q, a in zip(questions, answers, strict=True)]

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        strict = rates_by_language("identity_strict", questions, verdicts, lambda v: v == "right", STRICT)
        named = rates_by_language("identity_named", questions, verdicts, lambda v: not v.endswith("unnamed"), NAMED)
        return strict + named
