"""Recall and precision of personal data hold on our own Chinese set, and on presidio-research's English one."""

import pytest

from benchmarks.personal_data import BY_CONTEXT, ENGLISH, ONE_KIND, Tally, chinese, english, tally
from rules.personal import KINDS

needs_presidio = pytest.mark.skipif(not ENGLISH.is_file(), reason="the public data is not on this machine")


@pytest.fixture(scope="module")
def mine() -> Tally:
    return tally(chinese(), {})


def test_the_chinese_set_is_as_large_as_it_says() -> None:
    rows = list(chinese())
    assert len({text for text, _ in rows}) == len(rows)
    assert sum(bool(spans) for _, spans in rows) >= 300
    assert sum(not spans for _, spans in rows) >= 150
    assert {kind for _, spans in rows for *_, kind in spans} == set(KINDS.names()) - {"ssn", "iban"}


def test_structured_kinds_are_found_in_chinese(mine: Tally) -> None:
    whole = mine.structured()
    assert whole.covered / whole.spans >= 0.98
    assert whole.right / whole.finds >= 0.98


@pytest.mark.parametrize("kind", sorted(BY_CONTEXT))
def test_names_and_addresses_are_found_by_context(mine: Tally, kind: str) -> None:
    count = mine.kinds[kind]
    assert count.covered / count.spans >= 0.95
    assert count.right / count.finds >= 0.95


def test_no_look_alike_is_touched(mine: Tally) -> None:
    assert mine.clean >= 150
    assert mine.touched == 0


@needs_presidio
@pytest.mark.parametrize("half", [0, 1, None])
def test_structured_kinds_are_found_in_english(half: int | None) -> None:
    theirs = tally(english(half), ONE_KIND)
    for kind in ("bank_card", "phone", "email", "ssn", "iban", "ip"):
        count = theirs.kinds.get(kind)
        if count and count.spans:
            assert count.covered / count.spans >= 0.95, kind
            assert count.right / count.finds >= 0.95, kind


@needs_presidio
def test_what_is_taken_for_a_name_or_an_address_is_one() -> None:
    theirs = tally(english(), ONE_KIND)
    for kind in sorted(BY_CONTEXT):
        assert theirs.kinds[kind].right / theirs.kinds[kind].finds >= 0.95, kind
