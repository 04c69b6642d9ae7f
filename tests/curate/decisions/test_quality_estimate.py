"""Tests of what a random part says of all: shares with intervals, how much must be seen, and how long it takes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.decisions.quality_estimate import agreement, bad_share, records_needed, seconds_of
from schemas.digest import digest
from schemas.review import ReviewDecision


def line(n: int, verdict: str, by: str = "an", why: tuple[str, ...] = ("sample",), **more: object) -> ReviewDecision:
    answer = {"answer": "好的。"} if verdict == "edit" else {}
    return ReviewDecision.model_validate(
        {"id": digest("record", n), "verdict": verdict, "by": by, "why": why, **answer, **more}
    )


def test_the_share_of_bad_rows_is_that_of_the_random_part_alone() -> None:
    lines = [line(n, "accept") for n in range(18)] + [line(18, "reject"), line(19, "edit")]
    flagged = [line(n, "reject", why=("flagged:reply_length",)) for n in range(20, 60)]
    found = bad_share(lines + flagged, 0)
    assert found is not None
    assert (found.judged, found.rejected, found.edited, found.share) == (20, 1, 1, 0.1)
    assert found == bad_share(lines, 0)
    assert found.low == pytest.approx(0.0279, abs=1e-3) and found.high == pytest.approx(0.3010, abs=1e-3)


def test_whoever_has_seen_all_knows_the_share() -> None:
    lines = [line(n, "accept") for n in range(9)] + [line(9, "reject")]
    whole, half = bad_share(lines, 10), bad_share(lines, 20)
    assert whole is not None and half is not None
    assert (whole.low, whole.high) == (0.1, 0.1)
    assert half.low < 0.1 < half.high


def test_what_people_differ_about_is_not_counted_as_anything() -> None:
    lines = [line(1, "accept"), line(2, "accept", "an"), line(2, "reject", "bo")]
    found = bad_share(lines, 100)
    assert found is not None and (found.judged, found.undecided) == (1, 1)


def test_nothing_is_known_of_what_nobody_saw() -> None:
    assert bad_share([], 100) is None
    assert bad_share([line(1, "reject", why=("dropped:empty",))], 100) is None
    assert bad_share([line(1, "unsure")], 100) is None


def test_how_many_records_are_needed_as_cochran_has_it() -> None:
    assert records_needed(10**9, 0.05, 0.95) == 385
    assert records_needed(1_000, 0.05, 0.95) == 278
    assert records_needed(10**9, 0.02, 0.95) == 2401
    assert records_needed(0, 0.05, 0.95) == 0


@given(st.integers(1, 100_000), st.sampled_from([0.01, 0.02, 0.05, 0.1]))
def test_never_more_than_there_are_and_never_more_for_less(population: int, error: float) -> None:
    needed = records_needed(population, error, 0.95)
    assert 1 <= needed <= population
    assert records_needed(population, error * 2, 0.95) <= needed


def test_times_are_taken_from_decisions_and_else_from_the_length_of_texts() -> None:
    timed = [line(n, "accept", seconds=s) for n, s in enumerate((10.0, 20.0, 30.0, 40.0, 50.0))]
    assert seconds_of(timed, []) == (30.0, 5)
    seconds, known = seconds_of(timed[:4], ["字" * 255])
    assert known == 0 and math.isclose(seconds, 70)


def test_agreement_counts_the_newest_of_each_about_one_text() -> None:
    lines = [line(n, v, by) for n, v in ((1, "accept"), (2, "reject"), (3, "accept")) for by in ("an", "bo")]
    alpha = agreement(lines)
    assert alpha is not None and (alpha.value, alpha.units) == (1.0, 3)
    assert agreement([line(1, "accept", "an"), line(2, "reject", "bo")]) is None
    assert agreement([line(1, "accept", "an"), line(1, "reject", "an"), line(2, "accept", "an")]) is None
