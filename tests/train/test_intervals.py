"""Intervals against published values."""

import pytest

from schemas.statistics.intervals import wilson
from train.statistics.intervals import bootstrap


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (20, 40, 0.3520, 0.6480),
        (1, 1, 0.2065, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)  # 81 of 263: Newcombe (1998), method 3
def test_wilson(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-4)


def test_wilson_of_nothing_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_bootstrap_is_the_same_twice_and_holds_the_mean() -> None:
    values = [float(n % 7) for n in range(60)]
    first = bootstrap(60, lambda chosen: sum(values[n] for n in chosen) / len(chosen))
    assert first == bootstrap(60, lambda chosen: sum(values[n] for n in chosen) / len(chosen))
    assert first.low < sum(values) / 60 < first.high
