"""A number that is not its parent's."""

from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.instructions import spoken
from curate.gate.meaning.numbers import differ
from schemas.identity import Identity


class NumberChanged(Check):
    """A number, an amount, a date or a time is another one, is missing, or is new. 三天, 3天 and 72 hours are one."""

    title_zh: ClassVar[str] = "数字、金额、日期或时间变了、丢了或多了；三天、3天、72小时算同一个"
    rank: ClassVar[int] = 60
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("订单3天了还没发货", "下单三天了一直不发货"),
            zh("周四下午三点的号", "周四15:00的号"),
            zh("一次最多2万字", "单次上限20000字"),
            en("we close at 2 p.m.", "closing time is 14:00"),
            en("for £39 each", "39 pounds for each"),
        ),
        refuses=(
            zh("订单3天了还没发货", "下单五天了一直不发货"),
            zh("充了648没到账", "充的钱没到账"),
            zh("洗牙多少钱", "洗牙是不是198元"),
            en("within 30 days", "within 13 days"),
            en("costs $25", "costs some money"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        return differ(
            spoken(candidate.parent), candidate.text, candidate.question if candidate.part == "answer" else ""
        )
