"""What every way to reviewers can do: send tasks, bring back opinions, and take tasks away."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from curate.reviewing.queue_file import ReviewQueue
from schemas.review import Opinion, ReviewTask


class Pushed(NamedTuple):
    """What became of tasks that were sent: `new` went out, `there` were out already, `closed` were taken away because
    their text has changed since. `where` is what a person opens: an address, a path.
    """

    new: int
    there: int
    closed: int
    where: str


class WayStatus(NamedTuple):
    """Tasks that are out: how many, of how many anybody has said anything, and where they are."""

    out: int
    decided: int
    where: str


class Way(Protocol):
    """One way to reviewers. Every call may be made again after it failed in the middle: nothing is doubled or lost."""

    name: str

    def push(self, tasks: Sequence[ReviewTask], overlap: int) -> Pushed:
        """Send the tasks that are not out yet, each to be answered by `overlap` reviewers. A task that is out for the
        same record with another text is closed. Raises ServiceError, which says what was done, when a server fails.
        """
        ...

    def pull(self, tasks: Mapping[str, ReviewTask]) -> Iterator[Opinion]:
        """Bring back what was said about these tasks, by their keys, in the order in which it was said."""
        ...

    def status(self, tasks: Mapping[str, ReviewTask]) -> WayStatus:
        """Count what is out of these tasks."""
        ...

    def close(self, tasks: Mapping[str, ReviewTask]) -> int:
        """Take these tasks away, and count them. What was said about them and not pulled yet is lost."""
        ...


def send_out(queue: ReviewQueue, way: Way, tasks: Sequence[ReviewTask], overlap: int) -> Pushed:
    """Send tasks by a way. The queue knows them first: an answer to one that it does not know is lost."""
    queue.add(tasks)
    return way.push(tasks, overlap)
