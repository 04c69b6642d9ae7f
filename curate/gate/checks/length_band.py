"""A rewording that grew to a lecture, or shrank to a stump."""

from typing import ClassVar

from pydantic import Field

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import length
from schemas.identity import Identity


class LengthBand(Check):
    """More than twice as long as its parent and 20 Han characters besides, or less than a third of it. Counts Han
    characters; two and a half other letters are one.
    """

    title_zh: ClassVar[str] = "过长（超过原文两倍再加 20 字）或过短（不到原文三分之一）；两个半字母算一个汉字"
    rank: ClassVar[int] = 45
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(zh("你是谁？", "能不能先报一下你的身份，我好知道在跟谁说话"), en("who are you?", "who am i talking to")),
        refuses=(
            zh(
                "你是谁？",
                "你好，我第一次用这个功能，也不太清楚跟我说话的到底是什么，所以想先弄明白一件事：你究竟是谁呢",
            ),
            zh("订单3天了还没发货，什么时候能发？", "发货？"),
            en("Where is the order I made on Monday morning?", "order?"),
        ),
    )

    most: float = Field(2.0, gt=1)
    least: float = Field(0.34, gt=0, lt=1)
    more: float = Field(20, ge=0)
    """Han characters that a text may have beyond `most` times those of its parent."""
    short: float = Field(8, ge=0)
    """Han characters below which a parent cannot be reworded too short."""

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        parent, text = length(candidate.parent), length(candidate.text)
        if not text or text > self.most * parent + self.more:
            return True
        return parent >= self.short and text < self.least * parent
