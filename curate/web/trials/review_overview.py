"""How the review of a dataset stands, as its page shows it: what waits, what lies on the desk, and who does what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from curate.decisions.reviews import read_reviews
from curate.reviewing.book import Book, book_by_recipe, book_of_version
from curate.reviewing.desk.desk_file import DeskFile
from curate.reviewing.desk.reviewers import Reviewers
from curate.reviewing.desk.way import DeskWay
from curate.reviewing.gather import Gathered, gather_tasks
from curate.reviewing.in_words import reason_in_words
from curate.reviewing.standing import Standing, digests_shown, standing_of
from curate.reviewing.wanted import REASONS, parse_wanted
from curate.reviewing.ways import is_on_server, ways_on_disk, ways_out
from curate.web.ground.bench import Bench
from schemas.errors import HornbookError
from schemas.review import ReviewTask

TASKS_SHOWN = 20
"""Tasks that the page lists of what waits."""
USUAL = ("conflicts", "flagged")
"""What is asked for where nothing is said: what a build leaves out until somebody decides."""


class ReviewChoice(NamedTuple):
    """Something that may be put on the desk: `most` is how many by itself, None where all are meant."""

    name: str
    words: str
    most: int | None
    is_usual: bool


class WaitingList(NamedTuple):
    """What waits: tasks by reason, and the first of them."""

    total: int
    by_reason: list[tuple[str, int]]
    first: list[tuple[ReviewTask, list[str]]]
    gathered: Gathered


class ReviewerLine(NamedTuple):
    """One who has decided, or was invited: decisions by whatever way, tasks at the desk, and when he was last seen."""

    name: str
    decisions: int
    at_desk: int
    last: str
    is_invited: bool


class Overview(NamedTuple):
    """The page. `server` says what a server that was asked could not say; it is empty where none was or all went well.
    `is_asked` tells whether servers were asked, where anything has gone out through one.
    """

    standing: Standing
    on_desk: int
    done_at_desk: int
    reviewers: list[ReviewerLine]
    has_server: bool
    is_asked: bool
    server: str


def open_on(bench: Bench, name: str, version: str = "") -> Book:
    """Open a dataset, or one of its versions. HTTPException 404 where there is none."""
    newest = bench.newest(name)
    folder = bench.version(name, version) if version else newest
    recipe = bench.recipe(name)
    if recipe is None or folder != newest:
        return book_of_version(folder, bench.store)
    return book_by_recipe(recipe, bench.store)


def choices() -> list[ReviewChoice]:
    """List what may be put on the desk."""
    return [ReviewChoice(name, str(words), most, name in USUAL) for name, (most, words) in REASONS.items()]


def wanted_of(names: Sequence[str], numbers: Mapping[str, int]) -> str:
    """Write what a form asks for as `--what` does."""
    return ",".join(f"{name}:{numbers[name]}" if name in numbers else name for name in names)


def waiting_of(book: Book, what: str) -> Gathered:
    """Give the tasks of what waits: made anew only where somebody has decided meanwhile, because a version stays."""
    stat = book.reviews.stat() if book.reviews.is_file() else None
    stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino) if stat else ()
    return _gathered(book.version, book.file.folder, book.reviews, stamp, what)


def listed(gathered: Gathered) -> WaitingList:
    """Count tasks by reason, and say of the first why they are here."""
    counts = Counter(reason for task in gathered.tasks for reason in task.why)
    by_reason = [(reason_in_words(reason), count) for reason, count in sorted(counts.items())]
    first = [(task, [*map(reason_in_words, task.why)]) for task in gathered.tasks[:TASKS_SHOWN]]
    return WaitingList(len(gathered.tasks), by_reason, first, gathered)


def overview_of(book: Book, *, asks: bool) -> Overview:
    """Find out how the review stands. Servers are asked only where that is wished: they may be slow, or away."""
    ways, server = ways_on_disk(book.queue), ""
    standing = standing_of(book, ways)
    if asks:
        try:
            standing = standing_of(book, ways_out(book.queue, book.file.folder))
        except HornbookError as error:
            server = str(error)
    desk = DeskWay(book.queue).status(book.queue.tasks())
    return Overview(
        standing, desk.out, desk.decided, _reviewers(book), is_on_server(book.queue), asks and not server, server
    )


def take_off(book: Book, *, everything: bool) -> int:
    """Take off the desk what is decided, or all. What has gone out by no other way is in the queue no more."""
    tasks, known = book.queue.tasks(), digests_shown(book.decisions())
    closing = {key: task for key, task in tasks.items() if everything or known & set(task.shown)}
    closed = DeskWay(book.queue).close(closing)
    if not is_on_server(book.queue) and [way.name for way in ways_on_disk(book.queue)] == ["page"]:
        book.queue.remove(closing)
    return closed


def _reviewers(book: Book) -> list[ReviewerLine]:
    decisions = book.decisions()
    counts = Counter(line.by for line in decisions)
    last = {line.by: line.at for line in decisions if line.at}
    at_desk = Counter(_each(task.answered for task in DeskFile(book.queue).read().tasks.values()))
    invited = Reviewers(book.queue).names()
    names = sorted({*counts, *invited})
    return [ReviewerLine(name, counts[name], at_desk[name], last.get(name, ""), name in invited) for name in names]


def _each(groups: Iterable[Iterable[str]]) -> Iterable[str]:
    return (name for names in groups for name in names)


@lru_cache(maxsize=8)
def _gathered(version: Path, folder: Path, reviews: Path, stamp: tuple[int, ...], what: str) -> Gathered:
    """Make the tasks; `stamp` is that of the file of reviews, empty where there is none."""
    return gather_tasks(version, folder, parse_wanted(what), read_reviews(reviews) if stamp else ())
