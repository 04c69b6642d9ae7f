"""Tests of two groups that have nothing to do with each other, and how many of each a certainty takes.

Rates: Fisher's exact test. Means: Welch's test. What stands here needs the sums of the values, not the values.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

from schemas.statistics.intervals import Interval, wilson

POWER = 0.8
"""The chance at which a difference that is there is to be found."""
CLOSE = 1e-7
"""How much more likely than the observed table another may be by rounding alone, as in R's `fisher.test`."""
SMALL = 1e-17
"""A share of the sum below which nothing more is added."""


class Sample(NamedTuple):
    """What is known of the values of a group: how many, their sum, and the sum of their squared distances from the
    mean."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Compute the variance, of n - 1 degrees of freedom."""
        return self.squares / (self.n - 1)


class Welch(NamedTuple):
    """What Welch's test finds: the difference of the means, second less first, its 95 % interval, and p."""

    difference: float
    interval: Interval
    p: float


def fisher(hits_1: int, n_1: int, hits_2: int, n_2: int) -> float:
    """Compute the two-sided p of Fisher's exact test (R. A. Fisher, 1934): all tables that are no likelier than this.

    Exact at every n, so that no more than one in twenty true equals is called different; the price is a little power
    beside the unconditional tests.
    """
    hits, n = hits_1 + hits_2, n_1 + n_2
    low, high = max(0, hits - n_2), min(hits, n_1)

    def log_chance(k: int) -> float:
        return _log_comb(n_1, k) + _log_comb(n_2, hits - k) - _log_comb(n, hits)

    # The chance rises up to the mode and falls from there: what is as rare is a tail without a gap on each side.
    mode = min(high, max(low, (hits + 1) * (n_1 + 1) // (n + 2)))
    limit = log_chance(hits_1) + CLOSE
    if log_chance(mode) <= limit:
        return 1.0
    below = _last(low - 1, mode, lambda k: k < low or log_chance(k) <= limit)
    above = _last(-high - 1, -mode, lambda k: -k > high or log_chance(-k) <= limit)
    tails = _tail(below, -1, low, log_chance) + _tail(-above, 1, high, log_chance)
    return min(1.0, tails)


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _last(first: int, beyond: int, holds: Callable[[int], bool]) -> int:
    """Find the last number from `first` on for which something holds; it holds for the first, not for `beyond`."""
    while beyond - first > 1:
        middle = (first + beyond) // 2
        first, beyond = (middle, beyond) if holds(middle) else (first, middle)
    return first


def _tail(start: int, step: int, end: int, log_chance: Callable[[int], float]) -> float:
    """Add up the chances from a number outwards, until they do not matter."""
    total = 0.0
    for k in range(start, end + step, step):
        chance = math.exp(log_chance(k))
        total += chance
        if chance <= SMALL * total:
            break
    return total


def newcombe(hits_1: int, n_1: int, hits_2: int, n_2: int) -> Interval:
    """Compute the 95 % interval of the difference of two rates, second less first (R. G. Newcombe, 1998, method 10).

    Made of both Wilson intervals; sound where a rate is 0 or 1.
    """
    share_1, share_2 = hits_1 / n_1, hits_2 / n_2
    (low_1, high_1), (low_2, high_2) = wilson(hits_1, n_1), wilson(hits_2, n_2)
    difference = share_2 - share_1
    return Interval(
        difference - math.hypot(share_2 - low_2, high_1 - share_1),
        difference + math.hypot(high_2 - share_2, share_1 - low_1),
    )


def mean_interval(sample: Sample) -> Interval | None:
    """Compute the 95 % interval of a mean, by Student's t; None for fewer than two values."""
    if sample.n < 2:
        return None
    half = t_quantile(sample.n - 1) * math.sqrt(sample.variance / sample.n)
    return Interval(sample.mean - half, sample.mean + half)


def welch(first: Sample, second: Sample) -> Welch:
    """Compare two means whose variances may differ (B. L. Welch, 1947). Each sample has two values at least."""
    difference = second.mean - first.mean
    parts = [sample.variance / sample.n for sample in (first, second)]
    error = math.sqrt(sum(parts))
    if error == 0:  # no value differs from its mean
        return Welch(difference, Interval(difference, difference), 0.0 if difference else 1.0)
    freedom = sum(parts) ** 2 / sum(
        part * part / (sample.n - 1) for part, sample in zip(parts, (first, second), strict=True)
    )
    half = t_quantile(freedom) * error
    return Welch(difference, Interval(difference - half, difference + half), t_test(difference / error, freedom))


def t_test(t: float, freedom: float) -> float:
    """Compute how often Student's t lies as far from 0 or farther, on either side."""
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def t_quantile(freedom: float, p: float = 0.05) -> float:
    """Compute the t that is reached or passed, on either side, with a chance of p."""
    low, high = 0.0, 1.0
    while t_test(high, freedom) > p:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_test(middle, freedom) > p else (low, middle)
    return high


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Compute the regularized incomplete beta function by its continued fraction (Press et al., Numerical Recipes)."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x) - math.log(a)
    )
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, 100_000):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d or tiny)
            c = 1 + factor / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value


def needed_for_rates(rate: float, margin: float, level: float = 0.05) -> int:
    """Estimate how many of each group show that a rate differs by `margin`, with a power of 80 %.

    The formula of J. L. Fleiss, A. Tytun and H. K. Ury (1980), corrected for the exact test. The other rate lies
    `margin` away on the side of one half, where it takes more.
    """
    other = rate + margin if rate <= 0.5 else rate - margin
    middle, both = (rate + other) / 2, rate * (1 - rate) + other * (1 - other)
    z_level, z_power = _quantiles(level)
    plain = (z_level * math.sqrt(2 * middle * (1 - middle)) + z_power * math.sqrt(both)) ** 2 / margin**2
    return math.ceil(plain / 4 * (1 + math.sqrt(1 + 4 / (plain * margin))) ** 2)


def needed_for_means(deviations: float, level: float = 0.05) -> int:
    """Estimate how many of each group show that two means lie so many standard deviations apart, with a power of 80 %.

    The normal formula with the correction for Student's t (W. C. Guenther, 1981).
    """
    z_level, z_power = _quantiles(level)
    return math.ceil(2 * ((z_level + z_power) / deviations) ** 2 + z_level**2 / 4)


def _quantiles(level: float) -> tuple[float, float]:
    """Give the quantiles of the normal distribution of a two-sided test at `level`, and of the power."""
    return NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(POWER)
