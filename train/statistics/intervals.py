"""95 % intervals: Wilson for rates, the bootstrap for what is no rate."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""
DRAWS = 1000


class Interval(NamedTuple):
    low: float
    high: float


def wilson(hits: int, n: int) -> Interval:
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


def bootstrap(rows: int, measure: Callable[[Sequence[int]], float], seed: int = 7) -> Interval:
    """Compute the 2.5 % and 97.5 % quantiles of `measure` over samples of the rows, drawn with replacement.

    The percentile interval of B. Efron (1979): `measure` receives the indices of the rows of a sample.
    """
    low, high = np.quantile(bootstrap_values(rows, measure, seed), [0.025, 0.975])
    return Interval(float(low), float(high))


def bootstrap_values(rows: int, measure: Callable[[Sequence[int]], float], seed: int = 7) -> list[float]:
    """Compute `measure` of many samples of the rows, drawn with replacement; it receives the indices of the rows."""
    draw = np.random.default_rng(seed)
    return [measure(draw.integers(0, rows, rows).tolist()) for _ in range(DRAWS)]
