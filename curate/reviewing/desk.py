"""The queue as one reviewer works it off, one task after the other: what a page in a browser asks of it.

A reviewer is known by a token of his own. What he answers becomes lines of the file of reviews at once, by the same way
as all that comes back otherwise.
"""

import hmac
import json
import secrets
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from curate.decisions.reviews import add_reviews, read_reviews
from curate.reviewing.book import Book
from curate.reviewing.decide import Refused, take
from curate.system.disk import replace_privately
from schemas.errors import InputError
from schemas.review import Opinion, ReviewDecision, ReviewTask

REVIEWERS = "reviewers.json"
"""In the folder of the queue: digests of the tokens, by name. The tokens themselves stand nowhere."""
ORIGIN = "page"


class Seat(NamedTuple):
    """A reviewer, whose token was right."""

    name: str


class ReviewDesk:
    """The desk of one dataset. Each task is shown to `overlap` people, and to nobody twice."""

    def __init__(self, book: Book, overlap: int = 1) -> None:
        self._book = book
        self._overlap = overlap
        self._path = book.queue.folder / REVIEWERS

    def invite(self, name: str) -> str:
        """Make a token for a reviewer, and give it: it is shown this once. A token that the name had before ends."""
        name = name.strip()
        if not name or not name.isprintable():
            raise InputError("a reviewer needs a name", "审核人需要有名字")
        token = secrets.token_urlsafe(32)
        with self._book.queue.locked():
            digests = self._digests() | {name: _digest(token)}
            replace_privately(self._path, json.dumps(digests, ensure_ascii=False, sort_keys=True).encode())
        return token

    def seat(self, token: str) -> Seat:
        """Find whose token it is. Raises InputError for one that is nobody's."""
        digest = _digest(token)
        names = [name for name, known in self._digests().items() if hmac.compare_digest(known, digest)]
        if not names:
            raise InputError("this token is no reviewer's", "这个令牌不属于任何审核人")
        return Seat(names[0])

    def waiting(self, seat: Seat) -> Iterator[ReviewTask]:
        """Give the tasks that this reviewer may decide about, in the order in which they were sent."""
        decided: dict[tuple[str, tuple[str, ...]], set[str]] = {}
        for line in self._reviews():
            decided.setdefault((line.id, line.shown), set()).add(line.by)
        for task in self._book.queue.tasks().values():
            people = decided.get((task.id, task.shown), set())
            if seat.name not in people and len(people) < self._overlap:
                yield task

    def answer(self, seat: Seat, opinion: Opinion) -> Refused | None:
        """Write down what a reviewer says of a task; an answer that is sent twice is there once. An edit that masks or
        rules refuse is not written, and what they refuse is given.
        """
        tasks = self._book.queue.tasks()
        if opinion.key not in tasks:
            raise InputError("this task is not out any more", "这个任务已经收回")
        signed = opinion.model_copy(update={"by": seat.name, "origin": f"{ORIGIN}:{seat.name}:{opinion.key}"})
        taken = take([signed], tasks, self._reviews(), self._book.file)
        add_reviews(self._book.reviews, taken.new)
        return taken.refused[0] if taken.refused else None

    def _reviews(self) -> list[ReviewDecision]:
        return read_reviews(self._book.reviews) if self._book.reviews.is_file() else []

    def _digests(self) -> dict[str, str]:
        if not self._path.is_file():
            return {}
        digests: dict[str, str] = json.loads(self._path.read_bytes())
        return digests


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
