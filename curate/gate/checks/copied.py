"""A rewording that words nothing anew."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import bare, unedited
from schemas.identity import Identity

MOST = {"zh": 0.72, "en": 0.76}
"""Share of letters without an edit from which on a rewording is its parent with a word or two exchanged."""
LETTERS_OF_AN_EDIT = {"zh": 4, "en": 12}


class Copied(Check):
    """Its parent unchanged but for punctuation, case, particles, a greeting, or a word or two: three letters of four
    stay where they were.
    """

    title_zh: ClassVar[str] = "照抄原文：只改了标点、大小写、语气词、招呼语或一两个词（七成多的字没动）"
    rank: ClassVar[int] = 35
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(zh("你是谁？", "怎么称呼你呀"), en("who are you?", "who have I got here?")),
        refuses=(
            zh("你是谁？", "请问你是谁呀"),
            zh("订单什么时候能发货", "订单什么时侯能发货"),
            en("Are you ChatGPT?", "hi, are you chatgpt"),
            en("Where is my blue order?", "Where is my blu order"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        parent, text = bare(candidate.parent), bare(candidate.text)
        if parent == text or (sorted(parent) == sorted(text) and len(parent) < 6):
            return True
        unchanged = unedited(candidate.parent, candidate.text)
        lang = "zh" if candidate.is_chinese else "en"
        one_edit = 1 - 1 / max(len(parent), len(text))
        if unchanged >= one_edit and len(parent) >= LETTERS_OF_AN_EDIT[lang]:
            return True
        return unchanged >= MOST[lang]
