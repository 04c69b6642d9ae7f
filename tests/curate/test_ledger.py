"""No row vanishes: books that do not balance stop the build."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.ledger import Ledger, final_states, unbalanced
from schemas.errors import GateError
from schemas.ledger import EVENTS, events_of


def frame(*ids: str, tags: tuple[str, ...] = ()) -> pl.DataFrame:
    schema = {"id": pl.String, "tags": pl.List(pl.String)}
    return pl.DataFrame({"id": list(ids), "tags": [list(tags) for _ in ids]}, schema=schema)


def events(verdict: str, *ids: str) -> pl.DataFrame:
    return events_of(frame(*ids).with_columns(reason=pl.lit("why")), "stage", verdict)


NONE = pl.DataFrame(schema=EVENTS)


def test_a_record_that_vanishes_stops_the_build() -> None:
    with pytest.raises(GateError, match="1 unaccounted for"):
        Ledger().records(0, "clean", frame("a", "b"), frame("a"), NONE)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (("a", "b"), events("dropped", "b")),  # kept and dropped
        (("a",), pl.concat([events("dropped", "b"), events("review", "b")])),  # dropped and in review
        (("a", "b", "b"), NONE),  # twice
        (("a", "b"), events("dropped", "z")),  # dropped, but never came
    ],
)
def test_a_record_in_two_places_stops_the_build(kept: tuple[str, ...], told: pl.DataFrame) -> None:
    with pytest.raises(GateError, match="does not balance"):
        Ledger().records(0, "clean", frame("a", "b"), frame(*kept), told)


def test_additions_and_notes_balance() -> None:
    ledger = Ledger()
    told = pl.concat([events("dropped", "b"), events("review", "c"), events("fixed", "a")])
    ledger.records(0, "clean", frame("a", "b", "c"), frame("a", "n"), told)
    count = ledger.counts[0]
    assert (count.rows_in, count.added, count.kept, count.dropped, count.review) == (3, 1, 2, 1, 1)
    assert count.reasons == {"dropped:why": 1, "fixed:why": 1, "review:why": 1}
    assert unbalanced(tuple(ledger.counts)) == []


def test_a_row_without_a_final_state_stops_the_build() -> None:
    sources = pl.DataFrame({"file": ["f", "f"], "row": [1, 2], "id": ["a", "lost"]})
    ledger = Ledger()
    ledger.records(0, "clean", frame("a"), frame("a"), NONE)
    with pytest.raises(GateError, match="1 raw rows have no final state"):
        ledger.close(sources, frame("a"))


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.sampled_from(["kept", "dropped", "review"])))
def test_every_row_ends_in_one_state(fate: dict[str, str]) -> None:
    ids = sorted(fate)
    sources = pl.DataFrame(
        {"file": ["f"] * (2 * len(ids)), "row": range(2 * len(ids)), "id": [i for i in ids for _ in range(2)]},
        schema={"file": pl.String, "row": pl.Int64, "id": pl.String},
    )
    ledger = Ledger()
    kept = frame(*[i for i in ids if fate[i] == "kept"])
    told = [events(v, *[i for i in ids if fate[i] == v]) for v in ("dropped", "review")]
    ledger.records(0, "judge", frame(*ids), kept, pl.concat([NONE, *told]))
    ends = final_states(ledger.close(sources, kept))
    assert ends.height == sources.height
    assert dict(zip(ends["id"], ends["verdict"], strict=True)) == {
        i: "train" if v == "kept" else v for i, v in fate.items()
    }
