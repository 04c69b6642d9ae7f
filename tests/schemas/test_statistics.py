"""Tests of two groups and of reviewers, against values of scipy, of R and of the papers that describe them."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from schemas.statistics.reviews import pairs_needed, power_of, share_found, wins_needed
from schemas.statistics.unpaired import (
    Sample,
    fisher,
    mean_interval,
    needed_for_means,
    needed_for_rates,
    newcombe,
    t_quantile,
    t_test,
    welch,
)

VALUES = st.lists(st.integers(0, 9).map(float), min_size=2, max_size=40)


def sample(values: list[float]) -> Sample:
    mean = sum(values) / len(values)
    return Sample(len(values), sum(values), sum((value - mean) ** 2 for value in values))


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ((3, 4, 1, 4), 0.4857142857),  # R, fisher.test of the lady tasting tea, two-sided
        ((1, 10, 11, 14), 0.002759456),  # Agresti: 1, 9, 11, 3
        ((2, 17, 10, 13), 0.0005367),  # R's help page: convictions of twins
        ((0, 10, 0, 10), 1.0),
        ((10, 10, 10, 10), 1.0),
        ((0, 10, 10, 10), 1.082509e-05),
    ],
)
def test_fisher_of_known_tables(table: tuple[int, int, int, int], p: float) -> None:
    hits_1, n_1, hits_2, n_2 = table
    expected = stats.fisher_exact([[hits_1, n_1 - hits_1], [hits_2, n_2 - hits_2]]).pvalue
    assert fisher(*table) == pytest.approx(expected, rel=1e-7)
    assert fisher(*table) == pytest.approx(p, rel=1e-3)


@given(st.integers(1, 80), st.integers(1, 80), st.data())
def test_fisher_is_that_of_scipy(n_1: int, n_2: int, data: st.DataObject) -> None:
    hits_1, hits_2 = data.draw(st.integers(0, n_1)), data.draw(st.integers(0, n_2))
    expected = stats.fisher_exact([[hits_1, n_1 - hits_1], [hits_2, n_2 - hits_2]]).pvalue
    assert fisher(hits_1, n_1, hits_2, n_2) == pytest.approx(expected, rel=1e-6)
    assert fisher(hits_1, n_1, hits_2, n_2) == pytest.approx(fisher(hits_2, n_2, hits_1, n_1), rel=1e-9)


def test_fisher_of_a_million_rows() -> None:
    expected = stats.fisher_exact([[350_000, 150_000], [351_000, 149_000]]).pvalue
    assert fisher(350_000, 500_000, 351_000, 500_000) == pytest.approx(expected, rel=1e-5)
    assert fisher(100, 500_000, 400_000, 500_000) == 0.0


def test_newcombe_as_the_paper_has_it() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table II, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20
    assert newcombe(48, 80, 56, 70) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe(3, 10, 9, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert newcombe(0, 20, 10, 10) == pytest.approx((0.6791, 1.0), abs=5e-5)


@given(VALUES, VALUES)
def test_welch_is_that_of_scipy(first: list[float], second: list[float]) -> None:
    found = welch(sample(first), sample(second))
    if len(set(first)) == len(set(second)) == 1:
        assert found.p == (first[0] == second[0])
        return
    with warnings.catch_warnings(action="ignore"):  # scipy warns where one side has one value
        expected = stats.ttest_ind(second, first, equal_var=False)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)
    assert found.interval == pytest.approx(tuple(expected.confidence_interval()), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706), (9, 2.262), (30, 2.042), (1e6, 1.95997)])
def test_student_as_tables_have_it(freedom: float, quantile: float) -> None:
    assert t_quantile(freedom) == pytest.approx(quantile, abs=5e-4)
    assert t_test(quantile, freedom) == pytest.approx(0.05, abs=1e-4)
    assert t_test(0.0, freedom) == 1.0


def test_the_interval_of_a_mean_is_that_of_scipy() -> None:
    values = [1.0, 1, 2, 3, 9, 1, 2]
    expected = stats.t.interval(0.95, 6, loc=sum(values) / 7, scale=stats.sem(values))
    assert mean_interval(sample(values)) == pytest.approx(expected, rel=1e-9)
    assert mean_interval(sample([4.0])) is None


def test_how_many_a_difference_takes() -> None:
    # Fleiss, Statistical Methods for Rates and Proportions, table A.3: 0.25 and 0.40 take 165; 0.5 and 0.6, 407 or so
    assert needed_for_rates(0.25, 0.15) in (165, 166)
    assert needed_for_rates(0.5, 0.1) == needed_for_rates(0.6, 0.1) == 408
    # Cohen (1988), table 2.4.1: half a deviation takes 64, 0.2 takes 393, 0.8 takes 26
    assert [needed_for_means(d) for d in (0.2, 0.5, 0.8)] == [394, 64, 26]
    assert needed_for_means(0.5, 0.05 / 4) > needed_for_means(0.5)


@pytest.mark.parametrize(("rate", "margin"), [(0.5, 0.1), (0.8, 0.1), (0.95, 0.2), (0.02, 0.1)])
def test_the_exact_test_finds_the_difference_at_that_number(rate: float, margin: float) -> None:
    n = needed_for_rates(rate, margin)
    other = rate + margin if rate <= 0.5 else rate - margin
    found = 0.0
    for first in range(n + 1):
        chance = stats.binom.pmf(first, n, rate)
        if chance > 1e-6:
            likely = [second for second in range(n + 1) if stats.binom.pmf(second, n, other) > 1e-6][
                :: max(1, n // 100)
            ]
            weights = [stats.binom.pmf(second, n, other) for second in likely]
            rejected = sum(w for second, w in zip(likely, weights, strict=True) if fisher(first, n, second, n) < 0.05)
            found += chance * rejected / sum(weights)
    assert 0.77 < found < 0.87


def test_wins_that_the_sign_test_needs() -> None:
    assert [wins_needed(n) for n in (5, 6, 10, 20, 30, 50, 100)] == [None, 6, 9, 15, 21, 33, 61]


@pytest.mark.parametrize(
    ("share", "pairs"), [(0.6, 210), (0.65, 97), (0.7, 54), (0.75, 35), (0.8, 23), (0.9, 12), (1, 6)]
)
def test_pairs_that_a_share_takes(share: float, pairs: int) -> None:
    assert pairs_needed(share) == pairs
    assert power_of(pairs, share) >= 0.8 > power_of(pairs - 1, share)
    least = share_found(pairs)
    assert least is not None and least <= share and power_of(pairs, least - 0.01) < 0.8


def test_a_share_that_is_nearly_a_coin_takes_more_than_anybody_judges() -> None:
    assert pairs_needed(0.51) is None
    assert share_found(5) is None
