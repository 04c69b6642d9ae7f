"""What a sample of families says: questions of one family stand or fall together, so that they are drawn together."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from schemas.statistics.intervals import Interval, wilson

DRAWS = 1000
TEST_DRAWS = 10_000
"""Samples of a test: the least p that they show stays below 5 % after Holm's correction for two hundred measures."""
SEED = 7


def rate_interval(hits: Sequence[bool], families: Sequence[str]) -> Interval:
    """Compute the 95 % interval of a rate over questions, each with its family.

    On each side the wider of two: Wilson's, which takes questions for independent, and the percentiles over samples of
    whole families (the cluster bootstrap; A. C. Davison and D. V. Hinkley, 1997, 3.8). Where all or none are hits, or
    where there is one family, no sample differs from another, and Wilson's alone is left.
    """
    plain = wilson(sum(hits), len(hits))
    totals: dict[str, tuple[int, int]] = {}
    for family, hit in zip(families, hits, strict=True):
        so_far, size = totals.get(family, (0, 0))
        totals[family] = so_far + hit, size + 1
    if len(totals) < 2 or sum(hits) in (0, len(hits)):
        return plain
    drawn = drawn_means([total for total, _ in totals.values()], [size for _, size in totals.values()])
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(min(plain.low, float(low)), max(plain.high, float(high)))


def drawn_means(totals: Sequence[float], sizes: Sequence[int], draws: int = DRAWS) -> NDArray[np.float64]:
    """Compute the mean of samples of families, drawn with replacement; the same ones every time.

    `totals` and `sizes` hold the sum over the questions of each family, and how many they are; `draws`, a multiple of
    DRAWS, is how many samples there are.
    """
    sums, counts = np.asarray(totals, dtype=float), np.asarray(sizes, dtype=float)
    blocks = (_times_drawn(len(totals), block) for block in range(draws // DRAWS))
    return np.concatenate([(times @ sums) / (times @ counts) for times in blocks])


@lru_cache(maxsize=16)  # the measures of all contestants are over few numbers of families
def _times_drawn(families: int, block: int) -> NDArray[np.float64]:
    """Draw how often each family is in each sample of a block; shape (DRAWS, families)."""
    shares = [1 / families] * families
    times = np.random.default_rng(SEED + block).multinomial(families, shares, size=DRAWS).astype(float)
    times.flags.writeable = False
    return times


def two_sided(differences: Sequence[float] | NDArray[np.float64]) -> float:
    """Compute the two-sided p of differences in samples: how often do they show no difference, or the other way?

    One more on each side: no number of draws shows that something cannot happen.
    """
    drawn = np.asarray(differences)
    rarer = 1 + min(int((drawn >= 0).sum()), int((drawn <= 0).sum()))
    return min(1.0, 2 * rarer / (len(drawn) + 1))
