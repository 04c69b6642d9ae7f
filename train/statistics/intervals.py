"""The bootstrap, for what is no rate: its 95 % interval, and the values that it draws."""

from collections.abc import Callable, Sequence

import numpy as np

from schemas.statistics.intervals import Interval

DRAWS = 1000


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
