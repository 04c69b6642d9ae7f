"""How far people agree who judged the same things: Krippendorff's alpha, with an interval."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import krippendorff
import numpy as np
import numpy.typing as npt

from schemas.statistics.intervals import Interval

DRAWS = 1_000
"""Samples of things that the interval is made of."""
SEED = 20_070
LEVEL = 0.05


class Alpha(NamedTuple):
    """1 is full agreement, 0 what chance gives. `units` are the things that two or more have judged; `interval` is
    that of 95 %, None where too few samples have an alpha.
    """

    value: float
    units: int
    interval: Interval | None


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> Alpha | None:
    """Compute Krippendorff's alpha of judgements without order, by the package `krippendorff`.

    `units` holds what was said of each thing, by any number of people; who said nothing is left out. None where no
    thing was judged twice, or all judgements are the same. The interval is the percentile bootstrap over things (A. F.
    Hayes, K. Krippendorff, 2007), the same in every run.
    """
    counted = [Counter(unit) for unit in units if len(unit) > 1]
    values = list(dict.fromkeys(value for counts in counted for value in counts))
    if len(values) < 2:
        return None
    table = np.array([[counts[value] for value in values] for counts in counted])
    drawn = np.random.default_rng(SEED).integers(len(table), size=(DRAWS, len(table)))
    alphas = [alpha for rows in drawn if (alpha := _alpha(table[rows])) is not None]
    interval = None
    if len(alphas) > DRAWS / 2:
        low, high = np.quantile(alphas, (LEVEL / 2, 1 - LEVEL / 2))
        interval = Interval(float(low), float(high))
    value = _alpha(table)
    return None if value is None else Alpha(value, len(table), interval)


def _alpha(table: npt.NDArray[np.int64]) -> float | None:
    """Compute alpha of a table with a row for each thing and a column for each judgement; None of one judgement."""
    if (table.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))
