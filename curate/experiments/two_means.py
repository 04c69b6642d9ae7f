"""Whether two means differ: Welch's test, by permutations where a group is small and its values may be skewed."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.statistics.unpaired import Sample, Welch, welch

LARGE = 200
"""Values of the smaller group from which on Student's t is what the permutations find."""
DRAWS = 9_999
SEED = 7
ROUNDING = 1 - 1e-9

Values = NDArray[np.float64]


def sample_of(values: pl.Series) -> Sample:
    """Sum up the known values of a group."""
    known = values.drop_nulls()
    if known.is_empty():
        return Sample(0, 0.0, 0.0)
    squares = float(((known - known.mean()) ** 2).sum())
    return Sample(len(known), float(known.sum()), squares)


def compare_means(first: pl.Series, second: pl.Series) -> Welch:
    """Compare the means of two groups with two values at least, second less first.

    Where one has fewer than LARGE values, p is that of the permutation test of Welch's statistic (A. Janssen, 1997):
    exact where the groups are alike, right for means where only these are, and for counts and scores with ties. Its
    draws are the same for the same values.
    """
    found = welch(sample_of(first), sample_of(second))
    if min(first.count(), second.count()) >= LARGE:
        return found
    small, large = sorted((first.drop_nulls().sort(), second.drop_nulls().sort()), key=len)
    return found._replace(p=_permutation_p(small.to_numpy(), large.to_numpy()))


def _permutation_p(small: Values, large: Values) -> float:
    """Compute how often groups drawn by chance from all values differ as much, on either side; these count as one."""
    values = np.concatenate((small, large))
    values = values - values.mean()
    squares = values * values
    n = np.array((len(small), len(large)), dtype=np.float64)

    draw = np.random.default_rng(SEED)
    sums = np.empty((DRAWS + 1, 2))
    sums[0] = values[: len(small)].sum(), squares[: len(small)].sum()
    for number in range(1, DRAWS + 1):
        chosen = draw.choice(len(values), len(small), replace=False, shuffle=False)
        sums[number] = values[chosen].sum(), squares[chosen].sum()

    rest = np.array((values.sum(), squares.sum())) - sums
    means = np.stack((sums[:, 0] / n[0], rest[:, 0] / n[1]))
    spread = np.stack((sums[:, 1], rest[:, 1])) - n[:, None] * means**2
    error = np.sqrt((np.maximum(spread, 0.0) / (n * (n - 1))[:, None]).sum(axis=0))
    distance = np.abs(means[1] - means[0])
    is_same = distance <= 1e-12 * (1 + np.abs(values).max())
    statistic = np.where(is_same, 0.0, distance / np.maximum(error, 1e-12))
    return float((statistic >= statistic[0] * ROUNDING).mean())
