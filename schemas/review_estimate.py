"""What people who looked at a random part of a dataset say of all of it."""

from schemas.bilingual import Bilingual
from schemas.record import Frozen


class BadShare(Frozen):
    """What of the random part is bad: `edited` needs another answer, `rejected` goes.

    `low` and `high` are Wilson's interval at 95 % for all `population` records, corrected for how many of them were
    seen; `population` is 0 where it is not known.
    """

    judged: int
    rejected: int
    edited: int
    undecided: int
    population: int
    share: float
    low: float
    high: float

    def sentence(self) -> Bilingual:
        """Say the share with its interval, and what was seen."""
        of = f"{self.low:.1%} – {self.high:.1%}"
        return Bilingual(
            f"bad rows: {self.share:.1%} (95 %: {of}); of {self.judged} drawn at random people rejected "
            f"{self.rejected} and edited {self.edited}",
            f"坏数据占 {self.share:.1%}（95% 区间 {of}）；随机抽取的 {self.judged} 条里，拒绝 {self.rejected} 条、修改 "
            f"{self.edited} 条",
        )
