"""No row vanishes: numbers that do not balance stop the build."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.ledger import ENDS, Ledger, end_states, ends_of, records_booked, unbalanced
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
        records_booked("clean", frame("a", "b"), frame("a"), NONE)


@pytest.mark.parametrize(
    ("kept", "noted"),
    [
        (("a", "b"), events("dropped", "b")),  # kept and dropped
        (("a",), pl.concat([events("dropped", "b"), events("review", "b")])),  # dropped and in review
        (("a", "b", "b"), NONE),  # twice
        (("a", "b"), events("dropped", "z")),  # dropped, but never came
        (("a", "b"), events("added", "z")),  # added, and gone
        (("a", "b", "z"), events("added", "z")),  # added twice
        (("a", "b"), events("added", "b")),  # added, but was there
        (("a",), pl.concat([events("added", "b"), events("dropped", "b")])),  # the same, and dropped
    ],
)
def test_a_record_in_two_places_stops_the_build(kept: tuple[str, ...], noted: pl.DataFrame) -> None:
    with pytest.raises(GateError, match="does not balance"):
        records_booked("clean", frame("a", "b"), frame(*kept), noted)


def test_additions_and_notes_balance() -> None:
    ledger = Ledger()
    noted = pl.concat([events("dropped", "b"), events("review", "c"), events("fixed", "a")])
    count, _ = records_booked("clean", frame("a", "b", "c"), frame("a", "n"), noted)
    ledger.add(0, count)
    assert (count.rows_in, count.added, count.kept, count.dropped, count.review) == (3, 1, 2, 1, 1)
    assert count.reasons == {"dropped:why": 1, "fixed:why": 1, "review:why": 1}
    assert unbalanced(tuple(ledger.counts)) == []


def test_what_is_added_and_leaves_at_once_is_in_the_sums() -> None:
    noted = pl.concat([events("added", "z"), events("dropped", "z")])
    count, booked = records_booked("identity", frame("a"), frame("a", "n"), noted)
    assert (count.rows_in, count.added, count.kept, count.dropped) == (1, 2, 2, 1)
    assert [(e["verdict"], e["id"]) for e in booked.to_dicts()] == [("added", "z"), ("dropped", "z"), ("added", "n")]
    assert unbalanced((count,)) == []


def test_the_numbers_of_blocks_add_up() -> None:
    ledger = Ledger()
    for id in ("a", "b"):
        ledger.add(1, records_booked("judge", frame(id, "x"), frame(id), events("dropped", "x"))[0])
        ledger.add(0, records_booked("clean", frame(id, "x"), frame(id, "x"), events("fixed", id))[0])
    assert [(c.stage, c.rows_in, c.kept, c.reasons) for c in ledger.counts] == [
        ("clean", 4, 4, {"fixed:why": 2}), ("judge", 4, 2, {"dropped:why": 2}),
    ]  # fmt: skip


def sources(file: str, first: int, *ids: str | None) -> pl.DataFrame:
    rows = pl.DataFrame({"id": ids, "row": range(first, first + len(ids))}, schema={"id": pl.String, "row": pl.Int64})
    return events_of(rows.with_columns(file=pl.lit(file)), "session", "kept")


def test_a_row_without_a_final_state_stops_the_build() -> None:
    with pytest.raises(GateError, match="1 raw rows have no final state"):
        list(end_states([sources("f", 1, "a", "lost")], [ends_of(frame("a"))]))


def test_a_row_that_stands_in_two_blocks_stops_the_build() -> None:
    blocks = [sources("f", 1, "a", "b"), sources("f", 2, "c")]
    with pytest.raises(GateError, match="1 have two"):
        list(end_states(blocks, [ends_of(frame("a", "b")), ends_of(frame("c"))]))


def test_rows_of_two_files_have_their_own_numbers() -> None:
    blocks = [sources("f", 1, "a"), sources("g", 1, "b"), sources("f", 2, "c")]
    ends = pl.concat(end_states(blocks, [ends_of(frame(id)) for id in "abc"]))
    assert ends.select("file", "row", "id").rows() == [("f", 1, "a"), ("g", 1, "b"), ("f", 2, "c")]


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.sampled_from(["kept", "dropped", "review"])))
def test_every_row_ends_in_one_state(fate: dict[str, str]) -> None:
    ids = sorted(fate)
    kept = frame(*[i for i in ids if fate[i] == "kept"])
    noted = pl.concat([NONE, *(events(v, *[i for i in ids if fate[i] == v]) for v in ("dropped", "review"))])
    _, booked = records_booked("judge", frame(*ids), kept, noted)
    block = pl.concat([sources("f", 1, *[i for i in ids for _ in range(2)]), booked])
    ends = pl.concat([NONE, *end_states([block], [ends_of(kept)])])
    assert ends.height == 2 * len(ids)
    assert dict(zip(ends["id"], ends["verdict"], strict=True)) == {
        i: "train" if v == "kept" else v for i, v in fate.items()
    }


def test_a_record_of_no_row_ends_too() -> None:
    ends = pl.concat(end_states([NONE], [pl.DataFrame({"id": ["n"], "verdict": "exam", "reason": None}, schema=ENDS)]))
    assert ends.select("id", "row", "verdict").rows() == [("n", None, "exam")]
