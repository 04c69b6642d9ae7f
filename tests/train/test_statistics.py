"""Tests of two models on the same questions, against values of R and of scipy, and the verdicts made of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from schemas.exam import Measure
from schemas.statistics.paired import holm, mcnemar, questions_needed, upper_bound_of_none
from train.statistics.comparisons import compare


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (0, 5, 0.0625),
        (0, 6, 0.03125),
        (2, 10, 0.03857421875),
        (5, 5, 1.0),
        (86, 150, 3.716e-05),
    ],
)  # the last: R, mcnemar.exact of the table 794, 86, 150, 570
def test_mcnemar_of_known_tables(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p, rel=1e-3)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test_of_scipy(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9)
    assert mcnemar(first, second) == mcnemar(second, first)


def test_holm_as_r_has_it() -> None:
    # p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and one in another order
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.04, 0.001, 0.3]) == pytest.approx([0.08, 0.003, 0.3])
    assert holm([]) == [] and holm([0.9, 0.8]) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("n", "bound"), [(0, 1.0), (1, 0.95), (10, 0.2589), (18, 0.1533), (100, 0.0295), (300, 0.00994)]
)
def test_where_nothing_was_seen_the_rate_may_still_be_so_high(n: int, bound: float) -> None:
    assert upper_bound_of_none(n) == pytest.approx(bound, abs=2e-4)
    assert n < 30 or upper_bound_of_none(n) == pytest.approx(3 / n, rel=0.05)


def test_the_smaller_the_difference_the_more_questions_it_takes() -> None:
    needed = [questions_needed(12, 40, margin) for margin in (0.3, 0.2, 0.1, 0.05)]
    assert needed == sorted(needed) and needed[0] < 40 < needed[2]
    # Connor (1987) by hand: 13 / 42 changed, margin 0.1
    share = 13 / 42
    by_hand = ((1.959964 * math.sqrt(share) + 0.841621 * math.sqrt(share - 0.01)) / 0.1) ** 2
    assert needed[2] == math.ceil(by_hand)


def measure(name: str, hits: range, n: int, *, good: bool = True) -> Measure:
    ids = tuple(f"q{k}" for k in hits)
    return Measure(
        name=name, value=len(ids) / n, low=0, high=1, n=n, definition_en="", definition_zh="",
        more_is_better=good, hits=ids,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("base", "tuned", "n", "good", "verdict"),
    [
        (range(0), range(20), 24, True, "better"),
        (range(20), range(0), 24, True, "worse"),
        (range(0), range(20), 24, False, "worse"),
        (range(20), range(0), 24, False, "better"),
        (range(0), range(4), 24, True, "cannot_tell"),
        (range(5), range(5), 24, True, "cannot_tell"),
        (range(0), range(9), 9, True, "too_few"),
        (range(0), range(10), 10, True, "better"),
    ],
)
def test_a_verdict_is_given_where_the_answers_bear_it(
    base: range, tuned: range, n: int, good: bool, verdict: str
) -> None:
    (found,) = compare([measure("m", base, n, good=good)], [measure("m", tuned, n, good=good)], {}, 0.1)
    assert found.verdict == verdict
    assert (found.ask_more > 0) == (verdict in ("cannot_tell", "too_few"))
    assert found.p_adjusted == (None if verdict == "too_few" else found.p)


def test_many_measures_are_corrected_for_being_many() -> None:
    alone = compare([measure("m", range(0), 24)], [measure("m", range(6), 24)], {}, 0.1)
    assert alone[0].verdict == "better" and alone[0].p == 0.03125
    names = [f"m{n}" for n in range(5)]
    many = compare([measure(n, range(0), 24) for n in names], [measure(n, range(6), 24) for n in names], {}, 0.1)
    assert {found.verdict for found in many} == {"cannot_tell"}


def losses(*of: float) -> dict[str, tuple[float, int]]:
    return {f"c{n}": (loss, 10) for n, loss in enumerate(of)}


@pytest.mark.parametrize(
    ("shift", "verdict"),
    [([-1.0] * 20, "better"), ([1.0] * 20, "worse"), ([1.0, -1.0] * 10, "cannot_tell"), ([-1.0] * 5, "too_few")],
)
def test_texts_are_compared_one_by_one(shift: list[float], verdict: str) -> None:
    before = [20.0 + 5 * (n % 4) for n in range(len(shift))]
    after = [a + b for a, b in zip(before, shift, strict=True)]
    text = Measure(
        name="perplexity_zh", value=9, low=1, high=99, n=len(shift), definition_en="", definition_zh="",
        more_is_better=False,
    )  # fmt: skip
    (found,) = compare([text], [text], {"perplexity_zh": (losses(*before), losses(*after))}, 0.1)
    assert found.verdict == verdict
    assert found == compare([text], [text], {"perplexity_zh": (losses(*before), losses(*after))}, 0.1)[0]
