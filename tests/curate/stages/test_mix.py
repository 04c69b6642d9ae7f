"""Shares are exact in whole records; nothing is repeated and nothing vanishes."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.conversations.training_shares import count_kinds, shares
from curate.stages import Tools
from curate.stages.mix import Mix
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


def dataset(domain: int, general: int, exam: int = 0) -> pl.DataFrame:
    return frame_of(
        [record(f"d{n:04}", "q", "a") for n in range(domain)]
        + [record(f"g{n:04}", "q", "a", kind="general") for n in range(general)]
        + [record(f"e{n:04}", "q", "a", kind="general", tags=["exam"]) for n in range(exam)]
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 120), st.floats(0.01, 0.2), st.integers(0, 5))
def test_the_share_is_the_closest_that_whole_records_allow(domain: int, general: int, share: float, exam: int) -> None:
    frame = dataset(domain, general, exam)
    wanted = round(share * domain / (1 - share))
    if wanted > general:
        with pytest.raises(GateError, match=str(wanted - general)):
            Mix(shares={"general": share}).run(frame, TOOLS)
        return
    outcome = Mix(shares={"general": share}).run(frame, TOOLS)
    assert outcome.kept.height == domain + wanted + exam
    assert outcome.kept["id"].n_unique() == outcome.kept.height
    assert outcome.kept.height + outcome.events.height == frame.height
    by_kind = {s.kind: s for s in shares([count_kinds(outcome.kept)])}
    reached = by_kind["general"].share if "general" in by_kind else 0.0
    nearest = min(abs(n / (domain + n) - share) for n in (wanted - 1, wanted, wanted + 1) if domain + n and n >= 0)
    assert abs(reached - share) <= nearest + 0.5 / domain


def test_limits_come_before_shares() -> None:
    outcome = Mix(shares={"general": 0.1}, limits={"domain": 90}).run(dataset(200, 50), TOOLS)
    assert dict(outcome.kept["kind"].value_counts().iter_rows()) == {"domain": 90, "general": 10}
    assert dict(outcome.events["reason"].value_counts().iter_rows()) == {"over_limit": 110, "over_share": 40}


def test_one_more_record_changes_few_choices() -> None:
    before = set(Mix(shares={"general": 0.1}).run(dataset(90, 50), TOOLS).kept["id"])
    after = set(Mix(shares={"general": 0.1}).run(dataset(90, 51), TOOLS).kept["id"])
    assert len(before ^ after) <= 2


@pytest.mark.parametrize(
    "shares", [{"general": 0.6}, {"general": -0.1}, {"general": 0.5, "refusal": 0.5}, {"other": 0.1}]
)
def test_impossible_shares_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Mix(shares=shares)
