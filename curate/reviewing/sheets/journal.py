"""Which row of which sheet shows which task: a line a sheet, beside the queue. It holds digests, and no text."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import ValidationError

from curate.forms.labels import RowLabel
from curate.system.disk import replace_durably
from schemas.bilingual import Language
from schemas.digest import canonical
from schemas.errors import StoreError
from schemas.record import Frozen

SHEETS = "sheets.jsonl"


class SentFile(Frozen):
    """A file that was written: its path, and the digests of all that ever stood there, the newest last."""

    path: str
    digests: tuple[str, ...]


class SentRow(Frozen):
    """A row of a sheet. `id` is that of the record, `asked` as in `ReviewTask`; `shown` are digests of its cells by
    their columns, and `letters` the ids of the answers of a conflict. A closed row waits for nobody, and nothing is
    known of it but its key.
    """

    number: int
    key: str
    asked: str
    id: str = ""
    shown: Mapping[str, str] = {}
    letters: Mapping[str, str] = {}
    closed: bool = False


class SentSheet(Frozen):
    """A sheet that went out: its name, its language, the files that it was written to, and its rows."""

    name: str
    lang: Language
    files: tuple[SentFile, ...]
    rows: tuple[SentRow, ...]

    def open_rows(self) -> tuple[SentRow, ...]:
        """List the rows that wait for somebody."""
        return tuple(row for row in self.rows if not row.closed)


class SheetJournal:
    """The sheets of one dataset. Whoever changes it holds the lock of the queue."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SHEETS

    def sheets(self) -> dict[str, SentSheet]:
        """Read the sheets by their names, in the order in which they went out. Raises StoreError for a broken line."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        sheets = {}
        for number, line in enumerate(content.splitlines(), start=1):
            try:
                sheet = SentSheet.model_validate_json(line)
            except ValidationError:
                raise StoreError(
                    f"{self._path}:{number} is no sheet for reviewers", f"{self._path}:{number} 不是审核表"
                ) from None
            sheets[sheet.name] = sheet
        return sheets

    def keep(self, sheets: Collection[SentSheet]) -> None:
        """Remember sheets: new ones behind those that are there, others instead of their lines."""
        known = self.sheets() | {sheet.name: sheet for sheet in sheets}
        lines = (f"{canonical(sheet.model_dump(mode='json'))}\n" for sheet in known.values())
        replace_durably(self._path, "".join(lines).encode())


def rows_by_label(sheets: Mapping[str, SentSheet]) -> dict[RowLabel, SentRow]:
    """Find the rows of sheets by their labels."""
    return {RowLabel(sheet.name, row.number): row for sheet in sheets.values() for row in sheet.rows}
