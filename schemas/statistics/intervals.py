"""Wilson's interval of a rate, at 95 %."""

import math
from typing import NamedTuple

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


class Interval(NamedTuple):
    low: float
    high: float


def wilson(hits: float, n: float) -> Interval:
    """Compute Wilson's score interval for hits of n (E. B. Wilson, 1927): sound for small n, and at 0 and n.

    It holds every rate p from which the observed share lies at most Z standard errors away, |share - p| <=
    Z * sqrt(p * (1 - p) / n): the bounds are the two roots of that quadratic equation in p.
    """
    if n == 0:
        return Interval(0.0, 1.0)
    share, squared = hits / n, Z * Z
    middle = share + squared / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + squared / (4 * n * n))
    low = 0.0 if hits == 0 else (middle - half) / (1 + squared / n)
    high = 1.0 if hits == n else (middle + half) / (1 + squared / n)
    return Interval(low, high)
