"""Tests of the queue as one reviewer works it off: one token a person, the same lines, nothing twice."""

import stat
from pathlib import Path

import pytest

from curate.reviewing.book import open_book
from curate.reviewing.desk import ReviewDesk
from curate.store.store import Store
from schemas.errors import InputError
from schemas.review import Opinion
from tests.curate.reviewing.shop import RECIPE, reviews_in, waiting, write_shop

SMALL = RECIPE.partition("stages:")[0] + "stages: [clean, mask, review, quality]\n"


@pytest.fixture
def desk(tmp_path: Path) -> ReviewDesk:
    version = write_shop(tmp_path, recipe=SMALL)
    book = open_book(str(tmp_path / "recipe.yaml"), Store(tmp_path))
    book.queue.add(waiting(tmp_path, version, "sample:4"))
    return ReviewDesk(book)


def test_what_one_has_decided_waits_for_nobody_any_more(desk: ReviewDesk, tmp_path: Path) -> None:
    ann, bob = (desk.seat(desk.invite(name)) for name in ("ann", "bob"))
    first, *others = desk.waiting(ann)
    assert desk.answer(ann, Opinion(key=first.key, verdict="accept")) is None
    assert list(desk.waiting(ann)) == list(desk.waiting(bob)) == others
    [line] = reviews_in(tmp_path)
    assert (line.id, line.verdict, line.by, line.why) == (first.id, "accept", "ann", ("sample",))


def test_with_two_people_a_task_waits_for_the_second(desk: ReviewDesk, tmp_path: Path) -> None:
    both = ReviewDesk(open_book(str(tmp_path / "recipe.yaml"), Store(tmp_path)), overlap=2)
    ann, bob = (both.seat(both.invite(name)) for name in ("ann", "bob"))
    first = next(both.waiting(ann))
    both.answer(ann, Opinion(key=first.key, verdict="accept"))
    assert first not in both.waiting(ann) and first in both.waiting(bob)
    both.answer(bob, Opinion(key=first.key, verdict="reject"))
    assert first not in both.waiting(bob)


def test_an_answer_that_is_sent_twice_is_there_once(desk: ReviewDesk, tmp_path: Path) -> None:
    ann = desk.seat(desk.invite("ann"))
    task = next(desk.waiting(ann))
    for _ in range(2):
        desk.answer(ann, Opinion(key=task.key, verdict="reject", by="somebody else", origin="elsewhere"))
    assert [(line.by, line.verdict) for line in reviews_in(tmp_path)] == [("ann", "reject")]


def test_an_edit_that_would_not_pass_is_given_back(desk: ReviewDesk, tmp_path: Path) -> None:
    ann = desk.seat(desk.invite("ann"))
    task = next(desk.waiting(ann))
    refused = desk.answer(ann, Opinion(key=task.key, verdict="edit", answers={1: "请打13912345678。"}))
    assert refused is not None and refused.rule == "mobile"
    assert reviews_in(tmp_path) == []


def test_a_token_is_one_persons_and_stands_nowhere(desk: ReviewDesk, tmp_path: Path) -> None:
    token = desk.invite("安娜")
    assert desk.seat(token).name == "安娜"
    path = tmp_path / "reviews" / "shop" / "reviewers.json"
    assert token not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = desk.invite("安娜")
    assert desk.seat(again).name == "安娜"
    for wrong in (token, "", again[:-1], "安娜"):
        with pytest.raises(InputError, match="no reviewer's"):
            desk.seat(wrong)


def test_a_task_that_was_taken_away_is_not_answered(desk: ReviewDesk, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not out any more"):
        desk.answer(desk.seat(desk.invite("ann")), Opinion(key="0" * 32, verdict="accept"))
    assert reviews_in(tmp_path) == []
