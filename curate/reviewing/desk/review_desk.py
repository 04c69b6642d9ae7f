"""The desk as one reviewer works it off, one task after the other: what a page in a browser asks of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from curate.decisions.agreed_reviews import ReviewsById, agree
from curate.decisions.quality_estimate import SAMPLE
from curate.decisions.reviews import add_reviews
from curate.reviewing.book import Book
from curate.reviewing.decide import Refused, take
from curate.reviewing.desk.desk_file import DeskFile, DeskState, DeskTask
from curate.reviewing.desk.reviewers import Seat
from schemas.errors import InputError
from schemas.review import Opinion, ReviewDecision, ReviewTask, TakenBack

ORIGIN = "page"
HELD = timedelta(minutes=30)
"""How long a task that was shown to one is kept from others while he has not answered."""
LONGEST = 600.0
"""Seconds that are reckoned for a decision at most: who takes longer was away."""
Clock = Callable[[], datetime]


class NotWantedError(InputError):
    """A task that was taken away, or about which enough people have decided."""


class NextTask(NamedTuple):
    """What a reviewer decides about now. `left` counts the tasks that wait for him, this one too."""

    task: ReviewTask
    left: int


class _Desk(NamedTuple):
    """All that is known of the desk at one moment."""

    state: DeskState
    tasks: dict[str, ReviewTask]
    reviews: list[ReviewDecision]
    by_id: ReviewsById

    def on_desk(self) -> Iterator[tuple[str, ReviewTask, DeskTask]]:
        for key, lying in self.state.tasks.items():
            if key in self.tasks:
                yield key, self.tasks[key], lying


class ReviewDesk:
    """The desk of one dataset. Each task is shown to as many people as it is for, and to nobody twice; where people
    differ it comes to one more, because nothing is done until most of three agree.
    """

    def __init__(self, book: Book, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._book = book
        self._queue = book.queue
        self._file = DeskFile(book.queue)
        self._clock = clock

    def waiting(self, seat: Seat) -> list[ReviewTask]:
        """List the tasks that this reviewer may decide about, in the order in which he gets them: what he has before
        him already, then as they were put there, and last what he has put off.
        """
        return [*self._waiting(seat, self._read()).values()]

    def next_task(self, seat: Seat) -> NextTask | None:
        """Show the next task, and note that he has it: others get another one. None where nothing waits for him."""
        with self._queue.locked():
            desk = self._read()
            waiting = self._waiting(seat, desk)
            if not waiting:
                return None
            key, task = next(iter(waiting.items()))
            if not self._holds(desk.state.tasks[key], seat.name):
                self._show(desk.state, key, seat)
        return NextTask(task, len(waiting))

    def answer(self, seat: Seat, opinion: Opinion) -> Refused | None:
        """Write down what a reviewer says of a task; an answer that is sent twice is there once, and another one about
        the same task is a changed mind. An edit that masks or rules refuse is not written, and what they refuse is
        given. Raises NotWantedError where the task does not wait any more.
        """
        with self._queue.locked():
            desk = self._read()
            task, lying = desk.tasks.get(opinion.key), desk.state.tasks.get(opinion.key)
            if task is None or lying is None:
                raise NotWantedError("this task is not out any more: it was taken away", "这个任务已经收回，不用再审")
            decided = _decided(task, desk.by_id)
            if seat.name not in decided and len(_sure(decided)) >= _people(task, lying, desk.by_id):
                raise NotWantedError("enough people have decided about this task meanwhile", "这个任务已有足够的人审过")
            origin = _origin(seat, opinion.key)
            signed = opinion.model_copy(
                update={"by": seat.name, "origin": origin, "at": self._now(), "seconds": self._seconds(lying, seat)}
            )
            taken = take([signed], desk.tasks, desk.reviews, self._book.file)
            if taken.refused:
                return taken.refused[0]
            add_reviews(self._book.reviews, taken.new)
            self._file.write(desk.state.with_task(opinion.key, lying.answered_by(seat.name)))
        return None

    def skip(self, seat: Seat, key: str) -> None:
        """Put a task off: it comes last to this reviewer, and others may have it."""
        with self._queue.locked():
            state = self._file.read()
            if key in state.tasks:
                lying = state.tasks[key]
                if seat.name not in lying.answered:
                    state = state.with_task(key, lying.put_back_by(seat.name))
                self._file.write(state.skipped_by(seat.name, key))

    def undo(self, seat: Seat) -> ReviewTask | None:
        """Take back the last that this reviewer said at the desk of a task that lies there still, and show that task
        to him again; None where there is nothing. Called again it goes another step back.

        A line of the file of reviews is evidence, and none is rubbed out: another line is added that takes it back
        (`TakenBack`), and whoever reads the file finds neither. "Cannot tell" in its stead would be an opinion, which
        nobody had. Only what was said at this desk is taken back, by its origin: a decision that came by a sheet or
        from a server stands, and is no news when it is pulled once more.
        """
        with self._queue.locked():
            desk = self._read()
            keys = {_origin(seat, key): key for key, _, _ in desk.on_desk()}
            mine = [line for line in desk.reviews if line.by == seat.name and line.origin in keys]
            if not mine:
                return None
            last, now = mine[-1], self._now()
            ids = dict.fromkeys(line.id for line in mine if line.origin == last.origin)
            back = [TakenBack(id=id, takes_back=last.origin, by=seat.name, at=now) for id in ids]
            add_reviews(self._book.reviews, back)
            key = keys[last.origin]
            put_back = desk.state.with_task(key, desk.state.tasks[key].put_back_by(seat.name))
            self._show(put_back, key, seat)
        return desk.tasks[key]

    def counts(self, seat: Seat) -> tuple[int, int]:
        """Count the tasks that wait for this reviewer, and those on the desk that he has answered."""
        desk = self._read()
        done = sum(seat.name in lying.answered for _, _, lying in desk.on_desk())
        return len(self._waiting(seat, desk)), done

    def _read(self) -> _Desk:
        reviews = self._book.decisions()
        return _Desk(self._file.read(), self._queue.tasks(), reviews, ReviewsById(reviews))

    def _waiting(self, seat: Seat, desk: _Desk) -> dict[str, ReviewTask]:
        open_tasks = {
            key: task
            for key, task, lying in desk.on_desk()
            if seat.name not in (decided := _decided(task, desk.by_id))
            and len(_sure(decided) | self._others(lying, seat)) < _people(task, lying, desk.by_id)
        }
        lying = desk.state.tasks
        before = [key for key in open_tasks if self._holds(lying[key], seat.name)]
        before.sort(key=lambda key: lying[key].shown[seat.name], reverse=True)
        skipped = {key: number for number, key in enumerate(desk.state.skipped.get(seat.name, ()), start=1)}
        order = dict.fromkeys([*before, *sorted(open_tasks, key=lambda key: skipped.get(key, 0))])
        return {key: open_tasks[key] for key in order}

    def _others(self, lying: DeskTask, seat: Seat) -> set[str]:
        """Name those who have a task before them now, but for this reviewer."""
        return {name for name in lying.shown if name != seat.name and self._holds(lying, name)}

    def _holds(self, lying: DeskTask, name: str) -> bool:
        since = lying.shown.get(name)
        return since is not None and self._clock() - datetime.fromisoformat(since) < HELD

    def _show(self, state: DeskState, key: str, seat: Seat) -> None:
        self._file.write(state.with_task(key, state.tasks[key].shown_to(seat.name, self._clock().isoformat())))

    def _now(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _seconds(self, lying: DeskTask, seat: Seat) -> float | None:
        since = lying.shown.get(seat.name)
        if since is None:
            return None
        passed = (self._clock() - datetime.fromisoformat(since)).total_seconds()
        return round(min(max(passed, 0.0), LONGEST), 1)


def _origin(seat: Seat, key: str) -> str:
    return f"{ORIGIN}:{seat.name}:{key}"


def _decided(task: ReviewTask, by_id: ReviewsById) -> dict[str, ReviewDecision]:
    """Give who has decided about all that a task asks, by whatever way, each with the newest that he says of it."""
    deciding = [{line.by: line for line in lines} for lines in _about_all(task, by_id)]
    return {by: line for by, line in deciding[0].items() if all(by in one for one in deciding)}


def _sure(decided: Mapping[str, ReviewDecision]) -> set[str]:
    """Name those whose decision counts: who cannot tell asks that somebody else looks."""
    return {by for by, line in decided.items() if line.verdict != "unsure"}


def _people(task: ReviewTask, lying: DeskTask, by_id: ReviewsById) -> int:
    """Say how many people a task is for now: one more where those differ who have decided."""
    differ = any(agree(lines).undecided == "disagreement" for lines in _about_all(task, by_id))
    return max(lying.people, len(_sure(_decided(task, by_id))) + 1) if differ else lying.people


def _about_all(task: ReviewTask, by_id: ReviewsById) -> list[list[ReviewDecision]]:
    """List what was decided about each text that a task asks about; a line that names no text is about every one.

    A row that was drawn at random is asked about though it was decided for another reason: left out, those rows would
    be missing in the estimate, and they are the doubtful ones.
    """
    asked = {task.id: task.shown} | {other.id: other.shown for other in task.others}
    return [[line for line in by_id.of(id) if _is_about(line, shown, task)] for id, shown in asked.items()]


def _is_about(line: ReviewDecision, shown: tuple[str, ...], task: ReviewTask) -> bool:
    is_same_text = not line.shown or bool(set(line.shown) & set(shown))
    return is_same_text and (not line.why or SAMPLE not in task.why or SAMPLE in line.why)
