"""The limit that agrees best is the best there is, the nearest of equal ones, and not praised for what chose it."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.history.best_limit import DecidedRows, TriedLimit, _between, tried_limits
from curate.stages.quality import configured_rule
from rules import LimitRule
from schemas.statistics.intervals import wilson

Rows = Sequence[tuple[float, bool]]
"""Scores, and whether people found the row bad."""


def rule_of(name: str, **settings: object) -> LimitRule:
    rule = configured_rule(name, settings)
    assert isinstance(rule, LimitRule)
    return rule


def tried(rows: Rows, name: str = "question_length", kind: str = "domain", **settings: object) -> dict[str, TriedLimit]:
    kinds = pl.Series([kind] * len(rows), dtype=pl.String)
    decided = DecidedRows(
        kinds, pl.Series([score for score, _ in rows]), np.array([bad for _, bad in rows], dtype=bool)
    )
    return {limit.limit: limit for limit in tried_limits(name, rule_of(name, **settings), decided)}


def good_from(first: int, n: int = 20) -> list[tuple[float, bool]]:
    """Rows with the scores 1, 2, 3 …, of which people found those good that measure `first` or more."""
    return [(score, score < first) for score in range(1, n + 1)]


def test_the_best_limit_is_where_people_draw_the_line() -> None:
    found = tried(good_from(8))["min"]
    assert (found.today, found.today_agrees, found.n) == (2, 14, 20)
    assert (found.best, found.agrees) == (8, 20)
    assert found.held_out == 20 - 1  # without the row at the line it is drawn one row further on
    assert (found.low, found.high) == wilson(found.held_out, 20)
    assert found.p < 0.1


@pytest.mark.parametrize(
    ("today", "best"),
    [(1, 6), (5, 6), (6, 6), (8, 8), (10, 10), (11, 10), (50, 10)],
)
def test_of_equal_limits_the_nearest_to_todays_is_proposed(today: int, best: int) -> None:
    """Nobody decided about rows between 5 and 10: every limit from 6 to 10 agrees with all."""
    rows = [(score, True) for score in (1, 2, 3, 4, 5)] + [(score, False) for score in (10, 11, 12, 13, 14)]
    found = tried(rows, min=today)["min"]
    assert (found.best, found.agrees) == (best, 10)


def test_a_limit_that_agrees_as_well_as_any_stays() -> None:
    found = tried([(score, False) for score in range(2, 30)])
    assert (found["min"].best, found["min"].today) == (2, 2)
    assert (found["max"].best, found["max"].today) == (8000, 8000)
    assert found["min"].p == 1.0


def test_chance_is_not_praised() -> None:
    """People toss coins: the best limit flatters itself on the rows that chose it, and not on those that did not."""
    coins = np.random.default_rng(3).integers(0, 2, 60).astype(bool).tolist()
    found = tried([(score, bad) for score, bad in zip(range(2, 62), coins, strict=True)])["min"]
    assert found.agrees > found.held_out
    assert found.held_out - found.today_agrees < found.agrees - found.today_agrees


@pytest.mark.parametrize(("n", "limits"), [(9, set()), (10, {"min", "max"})])
def test_of_fewer_than_ten_rows_nothing_is_said(n: int, limits: set[str]) -> None:
    assert set(tried(good_from(4, n))) == limits


def test_a_kind_with_a_limit_of_its_own_says_nothing_of_the_common_one() -> None:
    own = {"by_kind": {"general": {"min": 5}}}
    assert set(tried(good_from(8), "reply_length", kind="general", **own)) == {"max"}
    assert set(tried(good_from(8), "reply_length", kind="domain", **own)) == {"min", "max"}


def test_shares_get_limits_with_few_digits() -> None:
    rows = [(n / 97, n > 40) for n in range(1, 97)]
    found = tried(rows, "symbol_ratio")["max"]
    assert found.agrees == len(rows)
    assert found.best == 0.42  # between 40/97 and 41/97


def test_words_have_no_limit_that_is_a_number() -> None:
    assert tried([("zh", True)] * 20) == {}  # type: ignore[list-item]


def test_values_that_a_rule_refuses_are_not_proposed() -> None:
    found = tried([(score / 10, True) for score in range(10, 51)], "judged")["min"]
    assert found.best <= 5 and found.agrees >= found.today_agrees


def test_rows_without_a_score_pass() -> None:
    kinds = pl.Series(["domain"] * 12, dtype=pl.String)
    decided = DecidedRows(kinds, pl.Series([None, *range(2, 13)], dtype=pl.Int64), np.array([False] * 12))
    (found,) = [
        limit for limit in tried_limits("question_length", rule_of("question_length"), decided) if limit.limit == "min"
    ]
    assert found.today_agrees == 12


scored = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=10, max_size=30)


@given(scored, st.integers(0, 14))
def test_no_limit_agrees_better_and_no_equal_one_is_nearer(rows: list[tuple[int, bool]], today: int) -> None:
    def agrees(limit: int, among: Rows) -> int:
        return sum((score < limit) == bad for score, bad in among)

    def best(among: Rows) -> int:
        return min(range(15), key=lambda limit: (-agrees(limit, among), abs(limit - today), limit))

    found = tried(rows, min=today)["min"]
    assert found.agrees == agrees(best(rows), rows) == agrees(int(found.best), rows)
    assert abs(found.best - today) <= abs(best(rows) - today)
    assert found.today_agrees == agrees(today, rows)


@given(scored)
def test_a_row_that_is_left_out_does_not_choose(rows: list[tuple[int, bool]]) -> None:
    found = tried(rows)["min"]
    candidates = sorted(
        {2, *(score + step for score, _ in rows for step in (-1, 0, 1) if score + step >= 0)},
        key=lambda v: (abs(v - 2), v),
    )
    held_out = 0
    for index, (score, bad) in enumerate(rows):
        rest = rows[:index] + rows[index + 1 :]
        chosen = max(candidates, key=lambda limit: sum((s < limit) == b for s, b in rest))
        held_out += (score < chosen) == bad
    assert found.held_out == held_out


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.floats(-1e6, 1e6))
def test_a_number_between_two_is_between_them(low: float, width: float, wanted: float) -> None:
    high = low + width
    if high > low:
        found = _between(low, high, wanted)
        assert low <= found <= high
