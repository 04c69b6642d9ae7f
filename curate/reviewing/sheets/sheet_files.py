"""Writes the files of sheets, and never over what somebody has filled in: a file is ours while its digest is known."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from curate.reviewing.sheets.csv_table import csv_table
from curate.reviewing.sheets.journal import SentFile, SentSheet, SheetJournal
from curate.reviewing.sheets.page import page_of
from curate.reviewing.sheets.workbook import workbook
from curate.system.disk import replace_durably
from schemas.digest import digest_bytes, digest_file
from schemas.errors import InputError
from schemas.review import ReviewTask

KINDS = {".xlsx": workbook, ".csv": csv_table}
"""How a page is written, by the ending of the file."""


class ChangedFile(NamedTuple):
    """A file that somebody has changed since it was written: it stays as it is."""

    sheet: str
    path: Path


def new_files(folder: Path, stem: str) -> tuple[SentFile, ...]:
    """Name the files of a new sheet. Raises InputError where one is there already."""
    files = tuple(SentFile(path=str(folder.resolve() / f"{stem}{ending}"), digests=()) for ending in KINDS)
    if taken := [file.path for file in files if Path(file.path).exists()]:
        raise InputError(
            f"{taken[0]} is there already; move it away, or write into another folder",
            f"{taken[0]} 已存在；请移走它，或写到另一个文件夹",
        )
    return files


def changed_files(sheets: Iterable[SentSheet]) -> Iterator[ChangedFile]:
    """Find the files that somebody has changed where they lie."""
    for sheet in sheets:
        for file in sheet.files:
            path = Path(file.path)
            if path.is_file() and digest_file(path) not in file.digests:
                yield ChangedFile(sheet.name, path)


def write_files(
    journal: SheetJournal, sheets: Mapping[str, SentSheet], tasks: Mapping[str, ReviewTask], again: Collection[str] = ()
) -> None:
    """Remember sheets, and write the open rows of those that are new or have changed, and of those of `again` whose
    files are gone; files without any row are removed. Killed in between, the next call goes on.
    """
    before = journal.sheets()
    coming: dict[Path, bytes | None] = {}
    kept = []
    for name, sheet in sheets.items():
        if sheet != before.get(name) or any(_is_old(sheet, file, name in again) for file in sheet.files):
            contents = _contents(sheet, tasks)
            ours = {Path(file.path) for file in sheet.files if _is_ours(file)}
            coming |= {path: content for path, content in contents.items() if path in ours}
            sheet = sheet.model_copy(update={"files": tuple(_with_digest(file, contents) for file in sheet.files)})
        kept.append(sheet)
    if kept != [*before.values()]:
        journal.keep(kept)
    for path, content in coming.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_durably(path, content)


def _contents(sheet: SentSheet, tasks: Mapping[str, ReviewTask]) -> dict[Path, bytes | None]:
    """Make the files of a sheet by their paths; None for one that is to go."""
    rows = [row for row in sheet.open_rows() if row.key in tasks]
    page = page_of(sheet.name, sheet.lang, rows, tasks)
    paths = [Path(file.path) for file in sheet.files]
    return {path: KINDS[path.suffix](page) if rows else None for path in paths}


def _is_old(sheet: SentSheet, file: SentFile, again: bool) -> bool:
    """Tell whether what is there is not what was to be written last: the file is gone, or one of before."""
    path = Path(file.path)
    if not path.is_file():
        return again and bool(sheet.open_rows())
    return digest_file(path) in (file.digests[:-1] if sheet.open_rows() else file.digests)


def _is_ours(file: SentFile) -> bool:
    """Tell whether a file is gone, or as it was written."""
    path = Path(file.path)
    return not path.is_file() or digest_file(path) in file.digests


def _with_digest(file: SentFile, contents: Mapping[Path, bytes | None]) -> SentFile:
    """Add the digest of what is to be written, so that it is known as ours."""
    content = contents[Path(file.path)]
    known = "" if content is None else digest_bytes(content)
    others = tuple(digest for digest in file.digests if digest != known)
    return file if content is None else file.model_copy(update={"digests": (*others, known)})
