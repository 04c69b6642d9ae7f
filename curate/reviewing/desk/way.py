"""Puts tasks on the desk and takes them away, as every way to reviewers does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from curate.reviewing.desk.desk_file import DeskFile, DeskState, DeskTask
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.wanted import REASONS
from curate.reviewing.way import Pushed, WayStatus
from schemas.bilingual import Bilingual
from schemas.review import Opinion, ReviewTask

WHERE = Bilingual("hornbook ui, page Review", "hornbook ui 的“审核”页")


@dataclass
class DeskWay:
    """The desk of one dataset. Nothing needs to be brought back from it: what people say there is written at once."""

    queue: ReviewQueue
    name: str = "page"

    def push(self, tasks: Sequence[ReviewTask], overlap: int) -> Pushed:
        """Put the tasks on the desk that are not there, each for `overlap` people; one that is there may be for more
        people from now on, and never for fewer.
        """
        by_key = {task.key: task for task in sorted(tasks, key=_urgency)}
        with self.queue.locked():
            known = self.queue.tasks()
            state = DeskFile(self.queue).read()
            old = _outdated(state, by_key, known)
            there = [key for key in by_key if key in state.tasks]
            left = {key: task for key, task in state.tasks.items() if key not in old and key in known | by_key}
            for key in by_key:
                before = left.get(key, DeskTask(people=overlap))
                left[key] = before.model_copy(update={"people": max(before.people, overlap)})
            if left != state.tasks:
                DeskFile(self.queue).write(state.model_copy(update={"tasks": left}))
        return Pushed(len(by_key) - len(there), len(there), len(old), str(WHERE))

    def pull(self, tasks: Mapping[str, ReviewTask]) -> Iterator[Opinion]:
        """Nothing is left to be brought back."""
        yield from ()

    def status(self, tasks: Mapping[str, ReviewTask]) -> WayStatus:
        """Count the tasks on the desk, and those that anybody has decided about there."""
        out = [task for key, task in DeskFile(self.queue).read().tasks.items() if key in tasks]
        return WayStatus(len(out), sum(bool(task.answered) for task in out), str(WHERE))

    def close(self, tasks: Mapping[str, ReviewTask]) -> int:
        """Take these tasks off the desk."""
        with self.queue.locked():
            state = DeskFile(self.queue).read()
            left = {key: task for key, task in state.tasks.items() if key not in tasks}
            if len(left) < len(state.tasks):
                skipped = {name: tuple(key for key in keys if key in left) for name, keys in state.skipped.items()}
                DeskFile(self.queue).write(DeskState(tasks=left, skipped=skipped))
        return len(state.tasks) - len(left)


def open_way(queue: ReviewQueue) -> DeskWay:
    """Open the desk of a queue."""
    return DeskWay(queue)


def _urgency(task: ReviewTask) -> int:
    """Rank a task by why it is here: first what a build leaves out until somebody decides, last what is drawn."""
    names = [reason.partition(":")[0].removesuffix("s") for reason in task.why]
    ranks = [rank for rank, reason in enumerate(REASONS) if reason.removesuffix("s") in names]
    return min(ranks, default=len(REASONS))


def _outdated(state: DeskState, new: Mapping[str, ReviewTask], known: Mapping[str, ReviewTask]) -> set[str]:
    """Find the keys of tasks that lie there with another text than their records have now."""
    now = {(task.asked, task.id) for task in new.values()}
    lying = {key: known[key] for key in state.tasks if key in known and key not in new}
    return {key for key, task in lying.items() if (task.asked, task.id) in now}
