"""Looks for words in the rows of a raw file, where its bytes do not show them: a workbook, a packed file."""

from pathlib import Path

from curate.reading.raw_rows import raw_rows
from schemas.input import Input
from schemas.json_values import texts_in


def row_holding(spec: Input, path: Path, text: str) -> int | None:
    """Find the number of the first row that holds the text in one of its values. Raises InputError as reading does."""
    rows = raw_rows(spec, path).rows
    return next((row.number for row in rows if any(text in value for value in texts_in(row.fields))), None)
