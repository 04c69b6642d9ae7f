"""Writes the files of sheets, and never over what somebody has filled in: a file is ours while its digest is known."""

from collections.abc import Collection, Iterable, Mapping
from itertools import count
from pathlib import Path

from curate.reviewing.sheets.csv_table import csv_table
from curate.reviewing.sheets.journal import SentFile, SentSheet, SheetJournal
from curate.reviewing.sheets.page import page_of
from curate.reviewing.sheets.workbook import workbook
from curate.system.disk import replace_durably, sweep_unfinished
from schemas.digest import digest_bytes, digest_file
from schemas.review import ReviewTask

KINDS = {".xlsx": workbook, ".csv": csv_table}
"""How a page is written, by the ending of the file."""


def new_files(path: Path, known: Iterable[SentSheet]) -> tuple[SentFile, ...]:
    """Name the files of a new sheet after a path, with a number behind it where the name is taken."""
    taken = {file.path for sheet in known if sheet.open_rows() for file in sheet.files}
    for number in count(1):
        stem = path.resolve().with_suffix("")
        stem = stem if number == 1 else stem.with_name(f"{stem.name}-{number}")
        names = [f"{stem}{ending}" for ending in KINDS]
        if not any(name in taken or Path(name).exists() for name in names):
            break
    return tuple(SentFile(path=name, digests=()) for name in names)


def changed_files(sheets: Iterable[SentSheet]) -> list[Path]:
    """Find the files that somebody has changed where they lie."""
    files = (file for sheet in sheets for file in sheet.files)
    return [path for file in files if (path := Path(file.path)).is_file() and digest_file(path) not in file.digests]


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
            sweep_unfinished(path)
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
