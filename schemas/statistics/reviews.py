"""What judgements of pairs say: who won, and how many pairs a difference takes."""

import math

from schemas.exam import ComparisonVerdict
from schemas.record import Frozen
from schemas.statistics.paired import mcnemar
from schemas.statistics.unpaired import POWER

ENOUGH = 10
"""Decided pairs below which no verdict is given."""
LEVEL = 0.05
MOST = 2_000
"""Pairs beyond which nobody counts how many a share takes."""


class Count(Frozen):
    """How often one side won, lost and tied."""

    wins: int
    losses: int
    ties: int

    @property
    def decided(self) -> int:
        return self.wins + self.losses


def verdict_of(count: Count, p: float) -> ComparisonVerdict:
    """Say whether the side that is counted is better, by the p of its test; nothing of few decided pairs."""
    if count.decided < ENOUGH:
        return "too_few"
    if p >= LEVEL:
        return "cannot_tell"
    return "better" if count.wins > count.losses else "worse"


def wins_needed(pairs: int) -> int | None:
    """Count the wins of so many pairs from which on the sign test calls one side better; None where none are enough."""
    enough = range(pairs // 2, pairs + 1)
    return next((wins for wins in enough if mcnemar(pairs - wins, wins) < LEVEL), None)


def power_of(pairs: int, share: float) -> float:
    """Compute the chance that the sign test finds a side that wins this share of pairs, by the binomial law."""
    wins = wins_needed(pairs)
    if wins is None:
        return 0.0
    if share == 1:
        return 1.0
    logs = math.log(share), math.log1p(-share)
    return sum(
        math.exp(
            math.lgamma(pairs + 1)
            - math.lgamma(k + 1)
            - math.lgamma(pairs - k + 1)
            + k * logs[0]
            + (pairs - k) * logs[1]
        )
        for k in range(wins, pairs + 1)
    )


def pairs_needed(share: float) -> int | None:
    """Count the pairs from which on a side that wins this share is found with a chance of 80 %; None beyond MOST.

    The power of an exact test rises and falls a little with every pair: from this number on it stays above.
    """
    margin = share - 0.5
    about = (1.2 / margin) ** 2  # the normal formula gives (1.4 / 2 margin)² or less
    if about > MOST:
        return None
    last = max((n for n in range(1, math.ceil(2 * about) + 20) if power_of(n, share) < POWER), default=0)
    return last + 1


def share_found(pairs: int) -> float | None:
    """Find the least share of wins, in hundredths, that so many pairs find with a chance of 80 %; None for none."""
    shares = (hundredths / 100 for hundredths in range(51, 101))
    return next((share for share in shares if power_of(pairs, share) >= POWER), None)
