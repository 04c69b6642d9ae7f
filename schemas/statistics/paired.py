"""Tests of two models on the same questions, in exact arithmetic, and how many questions a certainty takes."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

Z_BOTH, Z_POWER = 1.959963984540054, 0.8416212335729143
"""Quantiles of the normal distribution: of a two-sided test at 5 %, and of a power of 80 %."""


def mcnemar(only_first: int, only_second: int) -> float:
    """Compute the exact two-sided p of McNemar's test (Q. McNemar, 1947): were the changes a fair coin?

    `only_first` and `only_second` count the questions that one model alone answers so; those on which both agree say
    nothing. The binomial tail of the rarer side, twice, at most 1.
    """
    changes = only_first + only_second
    tail = sum(math.comb(changes, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / 2**changes)


def sign_flip(changes: Iterable[int]) -> float:
    """Compute the exact two-sided p of the permutation test by families (R. A. Fisher, 1935): were their signs chance?

    `changes` holds, by family, the questions that it gained less those that it lost. If the models were equal, each
    family could as well have changed the other way, as a whole. All ways to sign them are counted, exactly for any
    number of families: one after the other is added to the distribution of the sum. Where each family changed by one,
    this is McNemar's test.
    """
    changed = [change for change in changes if change]
    ways = Counter({0: 1})
    for change in changed:
        after: Counter[int] = Counter()
        for total, number in ways.items():
            after[total + change] += number
            after[total - change] += number
        ways = after
    seen = abs(sum(changed))
    return sum(number for total, number in ways.items() if abs(total) >= seen) / 2 ** len(changed)


def holm(values: Sequence[float]) -> list[float]:
    """Correct p values for being many (S. Holm, 1979): the least times their number, the next times one less, ….

    In the order of `values`; none above 1, and none below that of a smaller one.
    """
    adjusted, least = [0.0] * len(values), 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        least = max(least, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = least
    return adjusted


def upper_bound_of_none(n: int) -> float:
    """Compute the 95 % upper bound of a rate of which n trials saw nothing: about 3 / n, the rule of three.

    Exactly: the rate at which n misses in a row have a chance of 5 %.
    """
    return 1.0 if n == 0 else 1 - 0.05 ** (1 / n)


def questions_needed(changes: int, n: int, margin: float) -> int:
    """Estimate the questions that show a difference of `margin` with a power of 80 % (R. J. Connor, 1987).

    `changes` of `n` questions are answered otherwise by one of the models; that share, of at least the margin, decides
    how much the difference is blurred.
    """
    share = max((changes + 1) / (n + 2), margin)
    blurred = Z_BOTH * math.sqrt(share) + Z_POWER * math.sqrt(max(share - margin * margin, 0.0))
    return math.ceil((blurred / margin) ** 2)
