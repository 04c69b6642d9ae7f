"""The bootstrap interval of what is no rate, at 95 %."""

from collections.abc import Callable, Sequence

import numpy as np

from schemas.statistics.intervals import Interval

DRAWS = 1000


def bootstrap(rows: int, measure: Callable[[Sequence[int]], float], seed: int = 7) -> Interval:
    """Compute the 2.5 % and 97.5 % quantiles of `measure` over samples of the rows, drawn with replacement.

    The percentile interval of B. Efron (1979): `measure` receives the indices of the rows of a sample.
    """
    draw = np.random.default_rng(seed)
    values = [measure(draw.integers(0, rows, rows).tolist()) for _ in range(DRAWS)]
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(low), float(high))
