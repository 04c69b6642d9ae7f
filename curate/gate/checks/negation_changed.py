"""A yes that became a no."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.instructions import spoken
from curate.gate.meaning.negations import turned
from schemas.identity import Identity

ALIKE = {"zh": 0.36, "en": 0.48}
"""Jaccard similarity of character pairs from which on a denial that is gone, or new, is believed."""


class NegationChanged(Check):
    """What its parent denies is said, or the other way; before became after, must became need not, more became less."""

    title_zh: ClassVar[str] = "否定弄反：没收到变成收到，能变成不能，之前变成之后，多变成少"
    rank: ClassVar[int] = 61
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("我根本没收到", "东西压根没到我手里"),
            zh("能不能退", "可以退吗"),
            zh("打不开", "一直显示失败"),
            en("It doesn't work", "It fails"),
            en("can I cancel or not", "is cancelling possible"),
        ),
        refuses=(
            zh("我到现在根本没收到你们的货", "我到现在已经收到你们的货了"),
            zh("发货之前能改地址", "发货之后可以改地址"),
            en("I never got the parcel", "I got the parcel"),
            en("You can cancel before noon", "You can cancel after noon"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        return turned(spoken(candidate.parent), candidate.text, ALIKE["zh" if candidate.is_chinese else "en"])
