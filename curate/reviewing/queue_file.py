"""The tasks that were sent to reviewers, as the store keeps them: by the key alone an answer finds its record again."""

import fcntl
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from curate.system.disk import replace_durably
from schemas.digest import canonical
from schemas.errors import StoreError
from schemas.review import ReviewTask

FOLDER = "reviews"
"""Below the root of a store: a folder for each dataset."""
QUEUE = "queue.jsonl"
LOCK = ".lock"


class ReviewQueue:
    """The queue of one dataset. What a way must remember lies beside it, in `folder`."""

    def __init__(self, root: Path, name: str) -> None:
        self.folder = root / FOLDER / name
        self._path = self.folder / QUEUE

    def tasks(self) -> dict[str, ReviewTask]:
        """Read the tasks by their keys, in the order in which they were added. Raises StoreError for a broken line."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        tasks = {}
        for number, line in enumerate(content.splitlines(), start=1):
            try:
                task = ReviewTask.model_validate_json(line)
            except ValidationError:
                raise StoreError(
                    f"{self._path}:{number} is no task for reviewers", f"{self._path}:{number} 不是审核任务"
                ) from None
            tasks[task.key] = task
        return tasks

    def add(self, tasks: Iterable[ReviewTask]) -> int:
        """Add the tasks that are not in it yet, and count them."""
        with self.locked():
            known = self.tasks()
            new = {task.key: task for task in tasks if task.key not in known}
            if new:
                self._write([*known.values(), *new.values()])
        return len(new)

    def remove(self, keys: Collection[str]) -> int:
        """Remove the tasks of these keys, and count them."""
        with self.locked():
            known = self.tasks()
            kept = [task for key, task in known.items() if key not in keys]
            if len(kept) < len(known):
                self._write(kept)
        return len(known) - len(kept)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone: another process waits."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, tasks: Iterable[ReviewTask]) -> None:
        lines = "".join(f"{canonical(task.model_dump(mode='json'))}\n" for task in tasks)
        replace_durably(self._path, lines.encode())
