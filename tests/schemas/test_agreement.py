"""Tests of Krippendorff's alpha, against the values of the papers that describe it."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.statistics.agreement import krippendorff_alpha


def alpha_of(units: Sequence[Sequence[str]]) -> float | None:
    alpha = krippendorff_alpha(units)
    return alpha.value if alpha else None


def test_alpha_as_krippendorff_has_it() -> None:
    # K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): B, two observers; C, four of them with gaps.
    meg, owen = "aabbdcccedda", "babbbccceddd"
    assert alpha_of(list(zip(meg, owen, strict=True))) == pytest.approx(0.692, abs=5e-4)
    units = ("111.", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", "..3.")
    assert alpha_of([unit.replace(".", "") for unit in units]) == pytest.approx(0.743, abs=5e-4)


def test_alpha_of_full_and_of_no_agreement() -> None:
    assert alpha_of([("a", "a"), ("b", "b")]) == 1.0
    assert alpha_of([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)
    assert alpha_of([("a", "a"), ("a", "a")]) is None
    assert alpha_of([("a",), ("b",)]) is None


@given(st.lists(st.tuples(st.sampled_from("ab="), st.sampled_from("ab=")), min_size=2, max_size=60))
@settings(max_examples=30)
def test_alpha_of_two_is_nearly_scotts_pi(pairs: list[tuple[str, str]]) -> None:
    alpha = alpha_of(pairs)
    if alpha is None:
        return
    n = len(pairs)
    shares = [sum(pair.count(word) for pair in pairs) / (2 * n) for word in "ab="]
    by_chance = sum(share * share for share in shares)
    pi = (sum(a == b for a, b in pairs) / n - by_chance) / (1 - by_chance)
    assert alpha == pytest.approx(1 - (1 - pi) * (2 * n - 1) / (2 * n))
    assert math.isfinite(alpha)


def test_the_interval_holds_alpha_and_narrows_with_more_things() -> None:
    few = krippendorff_alpha([("a", "a"), ("a", "b"), ("b", "b"), ("a", "a"), ("b", "b")] * 4)
    many = krippendorff_alpha([("a", "a"), ("a", "b"), ("b", "b"), ("a", "a"), ("b", "b")] * 40)
    assert few and many and few.interval and many.interval
    assert few.interval.low < few.value < few.interval.high
    assert many.interval.high - many.interval.low < few.interval.high - few.interval.low
    assert (few.units, many.units) == (20, 200)


def test_the_interval_is_the_same_in_every_run() -> None:
    units = [("a", "a"), ("a", "b"), ("b", "b")] * 9
    assert krippendorff_alpha(units) == krippendorff_alpha(units)
