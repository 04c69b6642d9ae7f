"""What lies on the desk, as the store keeps it beside the queue: for how many people each task is, and who has it."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from curate.reviewing.queue_file import ReviewQueue
from curate.system.disk import replace_privately
from schemas.errors import StoreError
from schemas.record import Frozen

DESK = "desk.json"


class DeskTask(Frozen):
    """One task on the desk. `people` must decide about it, and `answered` are those who did so here. `shown` says to
    whom it was shown who has not answered it yet, and since when, in ISO 8601.
    """

    people: int
    shown: dict[str, str] = Field(default_factory=dict)
    answered: tuple[str, ...] = ()

    def shown_to(self, name: str, at: str) -> "DeskTask":
        return self.model_copy(update={"shown": self.shown | {name: at}})

    def answered_by(self, name: str) -> "DeskTask":
        return self.model_copy(
            update={"shown": _without(self.shown, name), "answered": tuple(sorted({*self.answered, name}))}
        )

    def put_back_by(self, name: str) -> "DeskTask":
        """Nothing of a person any more: neither shown to him nor answered."""
        left = tuple(known for known in self.answered if known != name)
        return self.model_copy(update={"shown": _without(self.shown, name), "answered": left})


class DeskState(Frozen):
    """The tasks on the desk by their keys, in the order in which they came; and what each reviewer has put off, the
    last at the end.
    """

    tasks: dict[str, DeskTask] = Field(default_factory=dict)
    skipped: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def with_task(self, key: str, task: DeskTask) -> "DeskState":
        return self.model_copy(update={"tasks": self.tasks | {key: task}})

    def skipped_by(self, name: str, key: str) -> "DeskState":
        before = tuple(known for known in self.skipped.get(name, ()) if known != key)
        return self.model_copy(update={"skipped": self.skipped | {name: (*before, key)}})


class DeskFile:
    """Whoever changes it holds the lock of the queue (`ReviewQueue.locked`)."""

    def __init__(self, queue: ReviewQueue) -> None:
        self._path: Path = queue.folder / DESK

    def is_there(self) -> bool:
        """Tell whether anything was ever put on the desk."""
        return self._path.is_file()

    def read(self) -> DeskState:
        """Read what lies on the desk. Raises StoreError where the file is broken."""
        try:
            return DeskState.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return DeskState()
        except ValidationError:
            raise StoreError(f"{self._path} is broken", f"{self._path} 已损坏") from None

    def write(self, state: DeskState) -> None:
        """Write it anew: it names people."""
        replace_privately(self._path, state.model_dump_json().encode())


def _without(shown: Mapping[str, str], name: str) -> dict[str, str]:
    return {known: since for known, since in shown.items() if known != name}
