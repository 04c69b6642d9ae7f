"""Names of sheets and of their rows: letters and a number, `BCDF-12`, which no spreadsheet turns into another value."""

import re
import unicodedata
from typing import NamedTuple

from curate.forms.cells import with_line_feeds
from schemas.digest import digest

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Of what the name of a sheet is made: without vowels, so that no spreadsheet takes it for a date."""
LABEL = re.compile(r"'?\s*([A-Z]{4})\s*[-‐‑–—−_]?\s*([0-9]{1,6})(?:\.0+)?\s*")
CONTENT = re.compile(r"[A-Za-z\u4e00-\u9fa5]")
"""What every encoding and every spreadsheet leaves as it is, even of a cell that looks like a number."""
WRITTEN = re.compile(r"[A-Za-z0-9\u4e00-\u9fa5]")
"""What they leave of a cell that looks like text."""


class RowLabel(NamedTuple):
    """Which row of which sheet."""

    sheet: str
    number: int

    def __str__(self) -> str:
        return f"{self.sheet}-{self.number}"


def sheet_name(sheet: str) -> str:
    """Make the name of a sheet of its digest: four letters."""
    value, letters = int(sheet, 16), ""
    for _ in range(4):
        value, rest = divmod(value, len(LETTERS))
        letters += LETTERS[rest]
    return letters


def read_label(cell: str) -> RowLabel | None:
    """Read a label as people and programs rewrite it: in full width or small letters, with blanks, another dash, or a
    decimal; None for what is none.
    """
    match = LABEL.fullmatch(unicodedata.normalize("NFKC", cell).upper().strip())
    return RowLabel(match[1], int(match[2])) if match else None


def content_digest(*texts: str) -> str:
    """Digest the letters of texts: the same after a spreadsheet has saved them in whatever encoding."""
    return digest("blind", ["".join(CONTENT.findall(text)).lower() for text in texts])


def cell_digest(text: str) -> str:
    """Digest the letters and digits of a cell that looks like text (`shown_as_text`)."""
    return digest("cell", "".join(WRITTEN.findall(with_line_feeds(text))).lower())
