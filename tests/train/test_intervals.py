"""Intervals against published values, and against families that stand or fall together."""

import time

import numpy as np
import pytest

from schemas.bilingual import Bilingual
from schemas.exam import Question
from schemas.statistics.families import rate_interval
from schemas.statistics.intervals import wilson
from tests.train.versions import question
from train.metrics._answer_checks import rate
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


def covered(families: int, size: int, rate: float) -> tuple[float, float]:
    """The share of 400 samples whose interval holds the rate, where a family is all right or all wrong: by families,
    and by Wilson alone."""
    draw = np.random.default_rng(1)
    names = [f"f{n // size}" for n in range(families * size)]
    held = np.zeros(2)
    for _ in range(400):
        hits = [bool(hit) for hit in np.repeat(draw.random(families) < rate, size)]
        both = (rate_interval(hits, names), wilson(sum(hits), len(hits)))
        held += [low <= rate <= high for low, high in both]
    return float(held[0] / 400), float(held[1] / 400)


@pytest.mark.parametrize(("families", "size", "rate"), [(10, 4, 0.5), (20, 4, 0.5), (20, 4, 0.7)])
def test_an_interval_by_families_is_as_sure_as_it_says(families: int, size: int, rate: float) -> None:
    ours, naive = covered(families, size, rate)
    assert naive < 0.75 < 0.92 < ours


def test_the_interval_of_questions_that_stand_alone_is_that_of_wilson_or_wider() -> None:
    hits = [n % 4 == 0 for n in range(40)]
    plain, ours = wilson(10, 40), rate_interval(hits, [f"f{n}" for n in range(40)])
    assert ours.low <= plain.low and plain.high <= ours.high
    assert ours.high - ours.low < 1.1 * (plain.high - plain.low)


@pytest.mark.parametrize("hits", [[False] * 40, [True] * 40])
def test_none_and_all_are_left_to_wilson(hits: list[bool]) -> None:
    assert rate_interval(hits, [f"f{n // 4}" for n in range(40)]) == wilson(sum(hits), 40)
    assert rate_interval([True, *hits], ["one"] * 41) == wilson(sum(hits) + 1, 41)


def test_a_family_counts_as_a_whole() -> None:
    # Four families of four: two all wrong, one all right, one three of four. The bootstrap's 2.5 % draw no hit at all.
    hits = [True] * 4 + [False] * 4 + [True, True, False, True] + [False] * 4
    assert rate_interval(hits, [f"f{n // 4}" for n in range(16)]) == pytest.approx((0.0, 0.875))
    assert wilson(7, 16) == pytest.approx((0.2310, 0.6682), abs=1e-4)


def test_a_rate_says_what_was_asked_and_of_how_many_families() -> None:
    groups = ("a", "a", "b", "c", "c")
    asked = [Question.model_validate({**question(f"q{n}", "x"), "group": group}) for n, group in enumerate(groups)]
    (found,) = rate("m", asked, ["right", "no", "right", "no", "no"], lambda v: v == "right", Bilingual("d", "定"))
    assert (found.n, found.families, found.hits) == (5, 3, ("q0", "q2"))
    assert found.asked == ("q0", "q1", "q2", "q3", "q4")
    assert found.family_of == {"q0": "a", "q1": "a", "q3": "c", "q4": "c"}
    assert found.low <= wilson(2, 5).low and found.high >= wilson(2, 5).high
    assert rate("m", [], [], lambda v: True, Bilingual("d", "定")) == []


def test_forty_measures_of_six_contestants_take_no_time() -> None:
    hits, names = [n % 3 == 0 for n in range(80)], [f"f{n // 2}" for n in range(80)]
    started = time.process_time()
    for n in range(240):
        rate_interval(hits, names[n % 7 :] + names[: n % 7])
    assert time.process_time() - started < 3
