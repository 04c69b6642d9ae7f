"""Opens the ways to reviewers; each is loaded when it is used."""

from collections.abc import Sequence
from pathlib import Path

from curate.reviewing.book import Book
from curate.reviewing.way import Way


def label_studio(book: Book) -> Way:
    """Open the way through a Label Studio server, whose address and token the environment or a `.env` holds."""
    from curate.reviewing.label_studio import LabelStudioWay  # type: ignore[import-untyped]

    return LabelStudioWay(book.queue, book.file.folder)


def sheets(book: Book, *, write: Path | None = None, read: Sequence[Path] = (), by: str = "") -> Way:
    """Open the way by spreadsheet: the workbook to write, or the filled ones to read."""
    from curate.reviewing.sheets import SheetWay  # type: ignore[import-untyped]

    return SheetWay(book.queue, write or Path(f"{book.name}-review.xlsx"), read, by)


def ways_out(book: Book) -> list[Way]:
    """Open the ways by which anything of this dataset has gone out."""
    ways: list[Way] = []
    if (book.queue.folder / "label-studio.json").is_file():
        ways.append(label_studio(book))
    if (book.queue.folder / "sheets.jsonl").is_file():
        ways.append(sheets(book))
    return ways
