"""The way to reviewers by spreadsheet: no server, no account, a file that anybody can fill in."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curate.forms.labels import cell_digest, sheet_name
from curate.forms.returned_form import returned_forms
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.sheets.columns import COLUMNS, DIGESTED, NEEDED
from curate.reviewing.sheets.journal import SentRow, SentSheet, SheetJournal, rows_by_label
from curate.reviewing.sheets.read_back import KeptApart, SheetReader, filled_labels
from curate.reviewing.sheets.sheet_files import changed_files, new_files, write_files
from curate.reviewing.sheets.shown_rows import letters_of, shown_row
from curate.reviewing.way import Pushed, WayStatus
from schemas.bilingual import Bilingual, Language, speaking
from schemas.digest import digest
from schemas.errors import InputError
from schemas.review import Opinion, ReviewTask

CLOSED: Mapping[str, object] = {"id": "", "shown": {}, "letters": {}, "closed": True}
"""What becomes of a row that is closed: its number and its key are left."""


@dataclass
class SheetWay:
    """Writes the workbook `path` and a CSV beside it, and takes back the files of `returned`, or what was filled in
    where it lies. No sheet is written over another: the next ones have a number behind the name.

    `by` is who reviewed where a sheet does not say so, and `lang` that of the sheet, by itself that of the session.
    `notes` are what a person should know about the last call, and `apart` is what it did not take.
    """

    queue: ReviewQueue
    path: Path
    returned: Sequence[Path] = ()
    by: str = ""
    lang: Language | None = None
    apart: KeptApart = field(default_factory=KeptApart)
    notes: list[Bilingual] = field(default_factory=list)
    name: str = "sheet"

    def push(self, tasks: Sequence[ReviewTask], overlap: int) -> Pushed:
        """Write a sheet of the tasks that are not out yet, `overlap` times under different names: one for each
        reviewer. A sheet that is gone is written again.
        """
        by_key = {task.key: task for task in tasks}
        with self.queue.locked():
            sheets = self._journal().sheets()
            copies = _copies(sheets)
            old = _outdated(sheets, by_key)
            sheets = {name: _closed(sheet, old) for name, sheet in sheets.items()}
            for copy in range(overlap):
                if missing := [task for key, task in by_key.items() if copies[key] <= copy]:
                    sheet = self._sheet(missing, copy, sheets)
                    sheets[sheet.name] = sheet
            again = [name for name, sheet in sheets.items() if any(row.key in by_key for row in sheet.open_rows())]
            write_files(self._journal(), sheets, self.queue.tasks() | by_key, again)
        there = sum(copies[key] > 0 for key in by_key)
        return Pushed(len(by_key) - there, there, len(old), _where(sheets.values(), by_key))

    def pull(self, tasks: Mapping[str, ReviewTask]) -> Iterator[Opinion]:
        """Read the sheets that came back. Raises InputError for what only its writer can clear up."""
        sheets = self._journal().sheets()
        reader = SheetReader(rows_by_label(sheets), tasks, self.by)
        opinions = reader.read(self.returned or changed_files(sheets.values()))
        self.apart, self.notes = reader.apart, reader.apart.sentences()
        yield from opinions

    def status(self, tasks: Mapping[str, ReviewTask]) -> WayStatus:
        """Count the tasks that are out, and those that are decided in the files where they were written."""
        sheets = self._journal().sheets()
        rows = rows_by_label(sheets)
        out = {key for key in _copies(sheets) if key in tasks}
        decided: set[str] = set()
        for path in changed_files(sheets.values()):
            try:
                forms = returned_forms(path, COLUMNS, NEEDED)
            except InputError:  # said when it is pulled
                continue
            decided |= {rows[label].key for form in forms for label in filled_labels(form) if label in rows}
        return WayStatus(len(out), len(out & decided), _where(sheets.values(), out))

    def close(self, tasks: Mapping[str, ReviewTask]) -> int:
        """Take these tasks out of the sheets: out of files that nobody has changed; `notes` name the others."""
        with self.queue.locked():
            sheets = self._journal().sheets()
            keys = {key for key in _copies(sheets) if key in tasks}
            closed = {name: _closed(sheet, keys) for name, sheet in sheets.items()}
            write_files(self._journal(), closed, self.queue.tasks())
            sheets = self._journal().sheets()
        held = [sheet for sheet in sheets.values() if any(row.key in tasks for row in sheet.rows)]
        self.notes = [
            Bilingual(
                f"{path} has been changed since it was written and stays as it is, with rows that were taken away: "
                "delete it when it is not needed any more",
                f"{path} 写出后有人改过，保持原样，其中仍有已撤下的行：不再需要时请删除",
            )
            for path in changed_files(held)
        ]
        return len(keys)

    def _journal(self) -> SheetJournal:
        return SheetJournal(self.queue.folder)

    def _sheet(self, tasks: Sequence[ReviewTask], copy: int, sheets: Mapping[str, SentSheet]) -> SentSheet:
        """Make a new sheet of tasks, under a name that no other has."""
        name = sheet_name(digest("review sheet", copy, [task.key for task in tasks]))
        while name in sheets:
            name = sheet_name(digest("another review sheet", name))
        lang = self.lang or speaking.get()
        rows = tuple(_row(number, task, lang) for number, task in enumerate(tasks, start=1))
        return SentSheet(name=name, lang=lang, files=new_files(self.path, sheets.values()), rows=rows)


def _row(number: int, task: ReviewTask, lang: Language) -> SentRow:
    cells = shown_row(task, lang)
    return SentRow(
        number=number,
        key=task.key,
        asked=task.asked,
        id=task.id,
        shown={column: cell_digest(cells[column]) for column in DIGESTED},
        letters=letters_of(task),
    )


def _copies(sheets: Mapping[str, SentSheet]) -> Counter[str]:
    """Count the rows in which each task is out."""
    return Counter(row.key for sheet in sheets.values() for row in sheet.open_rows())


def _outdated(sheets: Mapping[str, SentSheet], tasks: Mapping[str, ReviewTask]) -> set[str]:
    """Find the keys of tasks that are out with another text than they have now."""
    now = {(task.asked, task.id) for task in tasks.values()}
    rows = (row for sheet in sheets.values() for row in sheet.open_rows())
    return {row.key for row in rows if row.key not in tasks and (row.asked, row.id) in now}


def _closed(sheet: SentSheet, keys: Collection[str]) -> SentSheet:
    """Close the rows of these tasks."""
    rows = (row.model_copy(update=dict(CLOSED)) if row.key in keys and not row.closed else row for row in sheet.rows)
    return sheet.model_copy(update={"rows": tuple(rows)})


def _where(sheets: Iterable[SentSheet], keys: Collection[str]) -> str:
    """Say where the sheets are that hold these tasks."""
    holding = (sheet for sheet in sheets if any(row.key in keys for row in sheet.open_rows()))
    return " ".join(sheet.files[0].path for sheet in holding)
