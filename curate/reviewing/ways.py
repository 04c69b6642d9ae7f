"""Opens the ways to reviewers. Each is loaded by its name when it is used: it stands above this room, and needs
packages that not everybody has.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.way import Way
from schemas.bilingual import Bilingual


def label_studio(queue: ReviewQueue, folder: Path) -> Way:
    """Open the way through a Label Studio server, whose address and token the environment or a `.env` in the recipe's
    folder holds.
    """
    way: Way = import_module("curate.reviewing.label_studio.way").open_way(queue, folder)
    return way


def sheets(queue: ReviewQueue, *, write: Path | None = None, read: Sequence[Path] = (), by: str = "") -> Way:
    """Open the way by spreadsheet: the workbook to write, or the filled ones to read."""
    path = write or Path(f"{queue.folder.name}-review.xlsx")
    way: Way = import_module("curate.reviewing.sheets.sheet_way").SheetWay(queue, path, read, by)
    return way


def page(queue: ReviewQueue) -> Way:
    """Open the desk, from which reviewers take tasks on a page in the browser."""
    way: Way = import_module("curate.reviewing.desk.way").open_way(queue)
    return way


def notes_of(way: Way) -> tuple[Bilingual, ...]:
    """Say what a person should know about the last call to a way: what was not taken, or could not be taken away."""
    return tuple(getattr(way, "notes", ()))


def ways_out(queue: ReviewQueue, folder: Path | None) -> list[Way]:
    """Open the ways by which anything of this dataset has gone out."""
    servers = [label_studio(queue, folder or Path())] if is_on_server(queue) else []
    return [*servers, *ways_on_disk(queue)]


def ways_on_disk(queue: ReviewQueue) -> list[Way]:
    """Open those of them that ask no server."""
    ways: list[Way] = []
    if (queue.folder / "sheets.jsonl").is_file():
        ways.append(sheets(queue))
    if (queue.folder / "desk.json").is_file():
        ways.append(page(queue))
    return ways


def is_on_server(queue: ReviewQueue) -> bool:
    """Tell whether anything has gone out through a server."""
    return (queue.folder / "label-studio.json").is_file()
