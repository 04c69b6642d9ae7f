"""Takes forgotten records away from reviewers: out of the queue, the ways by which they went out, and the reviews."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from curate.decisions.reviews import REVIEWS, remove_reviews
from curate.erasure.forgotten import Forgotten
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.ways import notes_of, ways_out
from curate.store.read_version import read_manifest
from curate.store.store import Store
from schemas.bilingual import Bilingual
from schemas.errors import HornbookError
from schemas.review import ReviewTask


class Withdrawn(NamedTuple):
    """How many tasks and lines of reviews are gone, and why tasks are still out, empty where none is."""

    tasks: int
    reviews: int
    still_out: tuple[Bilingual, ...]


def withdraw_forgotten(store: Store, name: str, folder: Path | None, ids: Sequence[str] = ()) -> Withdrawn:
    """Take what is about forgotten records away. What cannot be reached now stays in the queue, for the next call.

    `folder` is where the recipe lies, None where that is not known: then no file of reviews is looked into. `ids` are
    those that were forgotten just now: a decision may name one by its beginning.
    """
    forgotten = Forgotten.of(store, name)
    if not forgotten.records:
        return Withdrawn(0, 0, ())
    queue = ReviewQueue(store.root, name)
    meant = {key: task for key, task in queue.tasks().items() if forgotten.among(_records_in(task))}
    still_out: list[Bilingual] = []
    for way in ways_out(queue, folder) if meant else ():
        try:
            way.close(meant)
            still_out += notes_of(way)
        except HornbookError as error:
            still_out.append(error.sentence)
    if meant and not still_out:
        queue.remove(meant)

    lines = 0
    for path in _files_of_reviews(store, name, folder) if folder else ():
        lines += remove_reviews(
            path, lambda id: bool(forgotten.among([id])) or any(whole.startswith(id) for whole in ids)
        )
    return Withdrawn(0 if still_out else len(meant), lines, tuple(still_out))


def _records_in(task: ReviewTask) -> Iterator[str]:
    """List the records of which a task shows a text."""
    yield task.id
    yield from (other.id for other in task.others)
    yield from (other.id for other in (task.twin, task.parent) if other)


def _files_of_reviews(store: Store, name: str, folder: Path) -> list[Path]:
    """List the files of reviews that a version of the dataset was made with, and the usual one."""
    versions = (read_manifest(store.version(name, id)) for id in store.versions(name))
    paths = {REVIEWS, *(file.path for manifest in versions for file in manifest.reviews)}
    return sorted(path for path in (folder / name for name in paths) if path.is_file())
