"""A rewording that goes round in circles."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import simplified
from schemas.identity import Identity

LOOPS = (
    re.compile(r"([^\d。.!！?？\n]{2,20}?)(?:[\s，,、。.!！?？]*\1){2,}"),
    re.compile(r"([^\s\d])\1{4,}"),
    re.compile(r"\b([a-z']+)(?:[\s,]+\1\b){2,}"),
    re.compile(r"\b([a-z']{2,}(?:\s+[a-z']+){1,6})[\s,.!?]+\1\b"),
    re.compile(r"([一-鿿]{4,})[\s，,、。.!！?？]*\1"),
)
SENTENCE = re.compile(r"[，,。.!！?？;；\n]+")


class Repeated(Check):
    """A word, a phrase or a sentence over and over, where its parent repeats nothing."""

    title_zh: ClassVar[str] = "词、短语或整句反复出现，而原文没有重复"
    rank: ClassVar[int] = 30
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("谢谢谢谢", "非常非常感谢"),
            zh("噪音噪音噪音！", "吵死了吵死了吵死了！"),
            en("thank you thank you!", "thanks thanks thanks!"),
        ),
        refuses=(
            zh("怎么退款", "退款退款退款怎么弄"),
            zh("怎么退款", "我想问退款的事，我想问退款的事"),
            en("Where is my order?", "where where where is it"),
            en("Where is my order?", "Where has my order gone. Where has my order gone."),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        return _loops(simplified(candidate.text)) and not _loops(simplified(candidate.parent), twice=True)


def _loops(text: str, *, twice: bool = False) -> bool:
    if any(pattern.search(text) for pattern in LOOPS):
        return True
    if twice and re.search(r"([一-鿿]{2})\1|\b([a-z]+(?: [a-z]+)?) \2\b", text):
        return True
    sentences = [sentence.strip() for sentence in SENTENCE.split(text) if len(sentence.strip()) >= 4]
    if len(sentences) != len(set(sentences)):
        return True
    pieces = [text[n : n + 3] for n in range(len(text) - 2)]
    return len(pieces) > 40 and len(set(pieces)) < 0.55 * len(pieces)
