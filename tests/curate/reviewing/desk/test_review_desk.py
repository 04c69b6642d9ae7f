"""Tests of the desk as one reviewer works it off: one token a person, the same lines, nothing twice, a step back."""

import json
import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from curate.commands.review import PushFlags, close_command, push_command, status_command
from curate.decisions.reviews import add_reviews
from curate.reviewing.book import Book, open_book
from curate.reviewing.desk.review_desk import HELD, LONGEST, NotWantedError, ReviewDesk
from curate.reviewing.desk.reviewers import Reviewers, Seat
from curate.reviewing.desk.way import DeskWay
from curate.store.store import Store
from schemas.errors import InputError
from schemas.review import Opinion, ReviewDecision
from tests.curate.reviewing.shop import RECIPE, built, reviews_in, take_in, waiting, write_shop

SMALL = RECIPE.partition("stages:")[0] + "stages: [clean, mask, review, quality, conflict]\n"
ANN, BOB, EVE = Seat("ann"), Seat("bob"), Seat("eve")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 30, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def passes(self, **time: float) -> None:
        self.time += timedelta(**time)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("shop")
    return folder, write_shop(folder, recipe=SMALL)


@pytest.fixture
def folder(shop: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(shop[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    return Clock()


def book_in(folder: Path) -> Book:
    return open_book(str(folder / "recipe.yaml"), Store(folder))


def desk_in(folder: Path, clock: Clock, what: str = "sample:4", overlap: int = 1) -> ReviewDesk:
    """A desk on which tasks lie."""
    book = book_in(folder)
    tasks = waiting(folder, book.version, what)
    book.queue.add(tasks)
    DeskWay(book.queue).push(tasks, overlap)
    return ReviewDesk(book, clock)


@pytest.fixture
def desk(folder: Path, clock: Clock) -> ReviewDesk:
    return desk_in(folder, clock)


def accept(desk: ReviewDesk, seat: Seat) -> str:
    """Accept the next task, and give its key."""
    turn = desk.next_task(seat)
    assert turn is not None
    assert desk.answer(seat, Opinion(key=turn.task.key, verdict="accept")) is None
    return turn.task.key


def test_what_one_has_decided_waits_for_nobody_any_more(desk: ReviewDesk, folder: Path) -> None:
    first, *others = desk.waiting(ANN)
    assert desk.answer(ANN, Opinion(key=first.key, verdict="accept")) is None
    assert desk.waiting(ANN) == desk.waiting(BOB) == others
    [line] = reviews_in(folder)
    assert (line.id, line.verdict, line.by, line.why) == (first.id, "accept", "ann", ("sample",))
    assert line.origin == f"page:ann:{first.key}" and line.at == "2026-11-30T10:00:00Z"


def test_with_two_people_a_task_waits_for_the_second(folder: Path, clock: Clock) -> None:
    both = desk_in(folder, clock, overlap=2)
    first = both.waiting(ANN)[0]
    both.answer(ANN, Opinion(key=first.key, verdict="accept"))
    assert first not in both.waiting(ANN) and first in both.waiting(BOB)
    both.answer(BOB, Opinion(key=first.key, verdict="accept"))
    assert all(first not in both.waiting(seat) for seat in (ANN, BOB, EVE))


def test_where_two_differ_a_third_is_asked_and_a_fourth_is_not(folder: Path, clock: Clock) -> None:
    desk = desk_in(folder, clock, overlap=2)
    first = desk.waiting(ANN)[0]
    desk.answer(ANN, Opinion(key=first.key, verdict="accept"))
    desk.answer(BOB, Opinion(key=first.key, verdict="reject"))
    assert first in desk.waiting(EVE)
    desk.answer(EVE, Opinion(key=first.key, verdict="reject"))
    assert first not in desk.waiting(Seat("dan"))


def test_what_one_cannot_tell_comes_to_somebody_else_and_not_again(desk: ReviewDesk) -> None:
    first = desk.waiting(ANN)[0]
    desk.answer(ANN, Opinion(key=first.key, verdict="unsure"))
    assert first not in desk.waiting(ANN) and first in desk.waiting(BOB)


def test_an_answer_that_is_sent_twice_is_there_once(desk: ReviewDesk, folder: Path) -> None:
    task = desk.waiting(ANN)[0]
    for _ in range(2):
        desk.answer(ANN, Opinion(key=task.key, verdict="reject", by="somebody else", origin="elsewhere"))
    assert [(line.by, line.verdict) for line in reviews_in(folder)] == [("ann", "reject")]


def test_two_clicks_at_once_count_once(desk: ReviewDesk, folder: Path) -> None:
    task = desk.waiting(ANN)[0]
    with ThreadPoolExecutor(8) as threads:
        [*threads.map(lambda _: desk.answer(ANN, Opinion(key=task.key, verdict="accept")), range(8))]
    assert len(reviews_in(folder)) == 1


def test_another_answer_to_the_same_task_is_a_changed_mind(desk: ReviewDesk, folder: Path) -> None:
    task = desk.waiting(ANN)[0]
    desk.answer(ANN, Opinion(key=task.key, verdict="accept"))
    desk.answer(ANN, Opinion(key=task.key, verdict="reject"))
    assert [line.verdict for line in reviews_in(folder)] == ["accept", "reject"]
    desk.undo(ANN)
    assert reviews_in(folder) == [], "taken back is what was said of the task, and not half of it"


def test_an_edit_that_would_not_pass_is_given_back(desk: ReviewDesk, folder: Path) -> None:
    task = desk.waiting(ANN)[0]
    refused = desk.answer(ANN, Opinion(key=task.key, verdict="edit", answers={1: "请打13912345678。"}))
    assert refused is not None and refused.rule == "mobile"
    assert reviews_in(folder) == []
    assert task in desk.waiting(ANN)


def test_a_token_is_one_persons_and_stands_nowhere(folder: Path) -> None:
    reviewers = Reviewers(book_in(folder).queue)
    token = reviewers.invite("安娜")
    assert reviewers.seat(token).name == "安娜" and reviewers.names() == ["安娜"]
    path = folder / "reviews" / "shop" / "reviewers.json"
    assert token not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = reviewers.invite("安娜")
    assert reviewers.seat(again).name == "安娜"
    for wrong in (token, "", again[:-1], "安娜"):
        with pytest.raises(InputError, match="no reviewer's"):
            reviewers.seat(wrong)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202eann", "a" * 65, "\x00"])
def test_what_is_no_name_is_not_invited(folder: Path, name: str) -> None:
    with pytest.raises(InputError, match="needs a name"):
        Reviewers(book_in(folder).queue).invite(name)


def test_a_task_that_was_taken_away_is_not_answered(desk: ReviewDesk, folder: Path) -> None:
    with pytest.raises(NotWantedError, match="not out any more"):
        desk.answer(ANN, Opinion(key="0" * 32, verdict="accept"))
    [first, *_] = desk.waiting(ANN)
    queue = book_in(folder).queue
    DeskWay(queue).close({first.key: first})
    with pytest.raises(NotWantedError, match="not out any more"):
        desk.answer(ANN, Opinion(key=first.key, verdict="accept"))
    assert first not in desk.waiting(ANN) and reviews_in(folder) == []


def test_what_enough_people_have_decided_meanwhile_is_not_written(desk: ReviewDesk, folder: Path) -> None:
    first = desk.waiting(ANN)[0]
    desk.answer(BOB, Opinion(key=first.key, verdict="accept"))
    with pytest.raises(NotWantedError, match="enough people"):
        desk.answer(ANN, Opinion(key=first.key, verdict="reject"))
    assert [line.by for line in reviews_in(folder)] == ["bob"]


def test_what_came_back_by_a_sheet_waits_at_the_desk_no_more(desk: ReviewDesk, folder: Path) -> None:
    first = desk.waiting(ANN)[0]
    take_in(folder, [first], Opinion(key=first.key, verdict="accept", by="bob", origin="sheet:A:1"))
    assert first not in desk.waiting(ANN)


def test_what_one_has_before_him_comes_to_nobody_else_for_a_while(desk: ReviewDesk, clock: Clock) -> None:
    anns, bobs = desk.next_task(ANN), desk.next_task(BOB)
    assert anns and bobs and anns.task != bobs.task
    again = desk.next_task(ANN)
    assert again and again.task == anns.task, "the same when the page is loaded again"
    clock.passes(seconds=HELD.total_seconds())
    eves = desk.next_task(EVE)
    assert eves and eves.task == anns.task, "who went to lunch keeps nothing"


def test_what_was_put_off_comes_last_and_others_may_have_it(desk: ReviewDesk) -> None:
    order = [task.key for task in desk.waiting(ANN)]
    turn = desk.next_task(ANN)
    assert turn is not None
    desk.skip(ANN, turn.task.key)
    desk.skip(ANN, "0" * 32)
    assert [task.key for task in desk.waiting(ANN)] == [*order[1:], order[0]]
    assert [task.key for task in desk.waiting(BOB)] == order


def test_time_is_that_since_the_task_was_shown_and_has_an_end(desk: ReviewDesk, folder: Path, clock: Clock) -> None:
    for passed in (12.34, 1_000.0):
        turn = desk.next_task(ANN)
        clock.passes(seconds=passed / 2)
        assert desk.next_task(ANN) == turn
        clock.passes(seconds=passed / 2)
        accept(desk, ANN)
    assert [line.seconds for line in reviews_in(folder)] == [12.3, LONGEST]


def test_a_step_back_takes_the_last_decision_back_and_shows_it_again(desk: ReviewDesk, folder: Path) -> None:
    first, second = accept(desk, ANN), accept(desk, ANN)
    accept(desk, BOB)
    assert desk.counts(ANN)[1] == 2
    task = desk.undo(ANN)
    assert task is not None and task.key == second
    turn = desk.next_task(ANN)
    assert turn is not None and turn.task.key == second
    task = desk.undo(ANN)
    assert task is not None and task.key == first, "and another step"
    assert desk.undo(ANN) is None
    assert [line.by for line in reviews_in(folder)] == ["bob"], "nothing of others is taken back"
    assert desk.counts(ANN)[1] == 0
    raw = (folder / "reviews.jsonl").read_bytes()
    assert raw.count(b"\n") == 5 and raw.count(b"takes_back") == 2, "the lines stay: they are evidence"
    assert accept(desk, ANN) == first
    assert [line.by for line in reviews_in(folder)] == ["bob", "ann"]


def test_what_was_taken_back_may_be_said_again(desk: ReviewDesk, folder: Path) -> None:
    for _ in range(3):
        accept(desk, ANN)
        desk.undo(ANN)
    accept(desk, ANN)
    assert [(line.by, line.verdict) for line in reviews_in(folder)] == [("ann", "accept")]


def test_of_a_conflict_all_that_was_said_is_taken_back(folder: Path, clock: Clock) -> None:
    desk = desk_in(folder, clock, "conflicts")
    turn = desk.next_task(ANN)
    assert turn is not None and turn.task.asked == "conflict"
    desk.answer(ANN, Opinion(key=turn.task.key, verdict="accept", holds=(turn.task.others[0].id,)))
    assert sorted(line.verdict for line in reviews_in(folder)) == ["accept", "reject"]
    assert desk.next_task(ANN) is None
    desk.undo(ANN)
    assert reviews_in(folder) == []
    assert desk.next_task(ANN) == turn


def test_what_came_by_another_way_is_not_taken_back_and_is_no_news_when_it_comes_again(
    desk: ReviewDesk, folder: Path
) -> None:
    task = desk.waiting(ANN)[0]
    from_server = Opinion(key=task.key, verdict="reject", by="ann", origin="label-studio:1:2")
    take_in(folder, [task], from_server)
    assert desk.undo(ANN) is None
    desk.answer(ANN, Opinion(key=task.key, verdict="accept"))
    assert desk.undo(ANN) == task
    assert [(line.verdict, line.origin) for line in reviews_in(folder)] == [("reject", "label-studio:1:2")]
    assert take_in(folder, [task], from_server)[:2] == ((), 1)


def test_a_build_does_not_do_what_was_taken_back(desk: ReviewDesk, folder: Path) -> None:
    turn = desk.next_task(ANN)
    assert turn is not None
    before = built(folder)
    desk.answer(ANN, Opinion(key=turn.task.key, verdict="reject"))
    desk.undo(ANN)
    after = built(folder)
    shards = [sorted(path.read_bytes() for path in version.glob("train-*")) for version in (before, after)]
    assert shards[0] == shards[1]


def test_a_line_that_takes_back_needs_what_it_takes_back(folder: Path) -> None:
    (folder / "reviews.jsonl").write_text('{"id": "0123456789", "takes_back": ""}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        reviews_in(folder)


@pytest.mark.parametrize("note", ['"takes_back": "page"', "takes_back", '\\"takes_back\\":'])
def test_a_text_that_speaks_of_it_takes_nothing_back(folder: Path, note: str) -> None:
    line = ReviewDecision(id="0123456789", verdict="accept", by="ann", note=note)
    add_reviews(folder / "reviews.jsonl", [line])
    assert reviews_in(folder) == [line]


@pytest.mark.parametrize("overlap", [1, 2])
def test_reviewers_at_once_lose_nothing_and_get_nothing_beyond_the_overlap(
    folder: Path, clock: Clock, overlap: int
) -> None:
    tasks = desk_in(folder, clock, "sample,conflicts,flagged", overlap).waiting(ANN)
    assert len(tasks) > 5

    def works_off(seat: Seat) -> list[str]:
        return [*_works_off(ReviewDesk(book_in(folder), clock), seat)]

    with ThreadPoolExecutor(3) as threads:
        done = [*threads.map(works_off, (ANN, BOB, EVE))]
    done += [works_off(seat) for seat in (ANN, BOB, EVE)]  # a task that another had before him may be left
    times = Counter(key for keys in done for key in keys)
    assert set(times.values()) == {overlap} and set(times) == {task.key for task in tasks}
    lines = Counter((line.origin, line.id) for line in reviews_in(folder))
    assert set(lines.values()) == {1} and len({origin for origin, _ in lines}) == len(tasks) * overlap


def _works_off(desk: ReviewDesk, seat: Seat) -> Iterator[str]:
    while turn := desk.next_task(seat):
        desk.answer(seat, Opinion(key=turn.task.key, verdict="accept"))
        yield turn.task.key


def test_the_desk_is_a_way_like_others(folder: Path, clock: Clock) -> None:
    desk = desk_in(folder, clock, "sample:3")
    book = book_in(folder)
    way, tasks = DeskWay(book.queue), book.queue.tasks()
    assert way.push([*tasks.values()], 1)[:3] == (0, 3, 0)
    accept(desk, ANN)
    assert way.status(tasks)[:2] == (3, 1)
    assert [*way.pull(tasks)] == []
    more = waiting(folder, book.version, "sample:4")
    book.queue.add(more)
    assert way.push(more, 2)[:3] == (1, 2, 0)
    assert way.close(tasks) == 3
    assert way.close(tasks) == 0


def test_a_record_whose_text_has_changed_is_another_task(folder: Path, clock: Clock) -> None:
    desk = desk_in(folder, clock, "sample:1")
    [task] = desk.waiting(ANN)
    changed = task.model_copy(update={"shown": ("0" * 32,)})
    queue = book_in(folder).queue
    queue.add([changed])
    assert DeskWay(queue).push([changed], 1).closed == 1
    assert [waits.shown for waits in desk.waiting(ANN)] == [("0" * 32,)]


def test_what_a_build_leaves_out_comes_before_what_is_drawn(folder: Path, clock: Clock) -> None:
    tasks = desk_in(folder, clock, "sample,flagged,conflicts").waiting(ANN)
    assert [task.why[0].partition(":")[0] for task in tasks[:3]] == ["conflict", "flagged", "sample"]


def test_what_was_drawn_at_random_is_asked_about_though_it_was_decided_for_another_reason(
    folder: Path, clock: Clock
) -> None:
    desk = desk_in(folder, clock, "sample,conflicts")
    sample = {task.id for task in desk.waiting(ANN) if task.why == ("sample",)}
    conflict = desk.waiting(ANN)[0]
    assert conflict.id in sample, "the answer that is proposed is trained on"
    desk.answer(ANN, Opinion(key=conflict.key, verdict="accept", holds=(conflict.id,)))
    assert {task.id for task in desk.waiting(BOB)} == sample


def test_the_command_puts_tasks_on_the_desk_and_says_how_far_they_are(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = str(folder / "recipe.yaml")
    push_command(recipe, folder, PushFlags("page", "conflicts,flagged", None, 2), as_json=True)
    assert json.loads(capsys.readouterr().out) | {"where": ""} == {
        "new": 2, "there": 0, "closed": 0, "where": "", "way": "page", "settled": 0, "textless": 0,
    }  # fmt: skip
    desk = ReviewDesk(book_in(folder), clock)
    turn = desk.next_task(ANN)
    assert turn is not None and turn.left == 2
    desk.answer(ANN, Opinion(key=turn.task.key, verdict="unsure"))
    status_command(recipe, folder, as_json=True)
    assert json.loads(capsys.readouterr().out)["ways"]["page"] | {"where": ""} == {"out": 2, "decided": 1, "where": ""}
    close_command(recipe, folder, everything=True, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"closed": 2, "ways": {"page": 2}}
    assert desk.waiting(BOB) == []
