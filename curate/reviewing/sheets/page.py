"""The page that goes out: which columns it needs, and the cells of its rows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from curate.forms.labels import RowLabel
from curate.reviewing.sheets.columns import COLUMNS, OPTIONAL
from curate.reviewing.sheets.journal import SentRow
from curate.reviewing.sheets.shown_rows import shown_row, turns_of
from schemas.bilingual import Bilingual, Language
from schemas.review import ReviewTask


class PageRow(NamedTuple):
    """The cells of a row by their columns, and the letters of its answers."""

    cells: Mapping[str, str]
    letters: tuple[str, ...]


class SheetPage(NamedTuple):
    """A sheet as it is written, whatever the kind of file."""

    lang: Language
    columns: tuple[str, ...]
    rows: tuple[PageRow, ...]

    def word(self, words: Bilingual) -> str:
        """Say it in the language of the sheet."""
        return words.zh if self.lang == "zh" else words.en

    def header(self) -> list[str]:
        """Name the columns."""
        return [self.word(COLUMNS[column]) for column in self.columns]


def page_of(name: str, lang: Language, rows: Sequence[SentRow], tasks: Mapping[str, ReviewTask]) -> SheetPage:
    """Make the page of these rows. A column that none of them has any use for is left out."""
    made = []
    for row in rows:
        label = str(RowLabel(name, row.number))
        made.append(PageRow(shown_row(tasks[row.key], lang) | {"label": label, "check": label}, (*row.letters,)))
    used = {column for row in made for column, cell in row.cells.items() if cell}
    used |= {"holds"} if any(row.letters for row in made) else set()
    used |= {"other_turns"} if any(len(turns_of(tasks[row.key]).texts) > 1 for row in rows) else set()
    columns = tuple(column for column in COLUMNS if column in used or column not in OPTIONAL)
    return SheetPage(lang, columns, tuple(made))
