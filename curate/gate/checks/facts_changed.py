"""A fact that was lost, swapped or invented."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.concepts import concepts, exclusive
from curate.gate.meaning.instructions import spoken
from curate.gate.meaning.left_over import left_over
from curate.gate.meaning.names import added
from curate.gate.meaning.plain_texts import jaccard
from schemas.identity import Identity
from schemas.introductions.claims import own_names

LOST = {"zh": 4, "en": 3}
"""Han characters, or words, that a rewording may lose beyond what it says in their place."""
ADDED = {"zh": 5, "en": 4}
ALIKE = 0.5
"""Jaccard similarity from which on two characters that are exchanged are a fact."""
ALONE = frozenset({"!time", "!place"})
"""Kinds of exclusive concepts of which one more, or one less, says something else by itself."""
FEW_LETTERS = 2
NEAR_ENOUGH = 0.28
"""Jaccard similarity below which what is left over says nothing: everything is worded otherwise."""
FEW = 5
"""Han characters, or words, below which a parent has no second fact to lose."""


class FactsChanged(Check):
    """Another day, city, person, colour or way to pay; a thing or a clause of the parent that is not there any more, or
    one that it never had. Read by words: what is swapped for a thing that no list has is not seen.
    """

    title_zh: ClassVar[str] = (
        "事实变了：换了日子、城市、人、颜色或支付方式；原文的一件事或一句话没有了，或多出原文没有的。按词判断"
        "，词表里没有的替换看不出来"
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
            zh("progressive镜片多久能适应啊，戴了三天头晕得厉害", "progressive镜片要戴多久才能适应"),
            en("The concert in Leeds moved", "The concert in London was moved"),
            en("how do i return the oak table, one leg is cracked badly", "how can the oak table be returned?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        parent, text, chinese = spoken(candidate.parent), candidate.text, candidate.is_chinese
        known = f"{candidate.question} \n {candidate.answer}" if candidate.part == "answer" else parent
        lost_ones = exclusive(parent, chinese=chinese) - exclusive(text, chinese=chinese)
        new_ones = exclusive(text, chinese=chinese) - exclusive(known, chinese=chinese)
        if _kinds(lost_ones) & _kinds(new_ones) or (_kinds(lost_ones) | _kinds(new_ones)) & ALONE:
            return True
        named = f"{candidate.question} {candidate.answer} {' '.join(own_names(identity))}"
        if not chinese and any(len(name) > FEW_LETTERS for name in added(text, named, chinese=False)):
            return True
        lang = "zh" if chinese else "en"
        lost, more, size = left_over(parent, text, chinese=chinese)
        if size < FEW or jaccard(parent, text) < NEAR_ENOUGH:
            return False
        if lost - 2 * more >= LOST[lang] and more <= 1:
            return True
        if chinese and lost >= 2 and more >= 1 and jaccard(parent, text) >= ALIKE:
            return True
        new = concepts(text, chinese=chinese) - concepts(known, chinese=chinese)
        return more - lost >= ADDED[lang] and lost <= 1 and len(new) >= 2


def _kinds(concepts: frozenset[str]) -> frozenset[str]:
    return frozenset(concept.partition(".")[0] for concept in concepts)
