"""A fact that was swapped or invented."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.concepts import exclusive
from curate.gate.meaning.instructions import spoken
from schemas.identity import Identity

ALONE = frozenset({"!time", "!place"})
"""Kinds of exclusive concepts of which one more says something else by itself."""


class FactsChanged(Check):
    """Another day, city, person, colour or way to pay stands in the place of the parent's, or a day or a city that it
    does not name. Read by word lists: what is swapped for a thing that none of them has, or left out, is not seen.
    """

    title_zh: ClassVar[str] = (
        "事实变了：换了日子、城市、人、颜色或支付方式，或多出原文没有的日子、城市。按词表判断，表里没有的替换和漏掉的内容看不出来"
    )
    rank: ClassVar[int] = 70
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("周一开馆吗", "周一图书馆开不开门"),
            zh("我妈的卡丢了怎么挂失", "我母亲把卡弄丢了，怎么办挂失"),
            en("Is my refund on its way?", "Has the money been sent back to me yet?"),
        ),
        refuses=(
            zh("周一开馆吗", "周五图书馆开不开门"),
            zh("从成都寄到沈阳多少钱", "从重庆寄沈阳什么价"),
            en("The concert in Leeds moved", "The concert in London was moved"),
            en("Is my son on the list?", "Can I find my daughter on the list?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        parent, text, chinese = spoken(candidate.parent), candidate.text, candidate.is_chinese
        known = f"{candidate.question} \n {candidate.answer}" if candidate.part == "answer" else parent
        lost = _kinds(exclusive(parent, chinese=chinese) - exclusive(text, chinese=chinese))
        new = _kinds(exclusive(text, chinese=chinese) - exclusive(known, chinese=chinese))
        return bool(lost & new or new & ALONE)


def _kinds(concepts: frozenset[str]) -> frozenset[str]:
    return frozenset(concept.partition(".")[0] for concept in concepts)
