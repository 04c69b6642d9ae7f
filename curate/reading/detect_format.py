"""Finds the format of a file by its first rows where the recipe names none."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import schemas.formats
from curate.reading.raw_rows import LOOK
from curate.reading.readers import RawRow, is_empty
from schemas.catalog import Catalog
from schemas.errors import InputError
from schemas.formats import Format
from schemas.input import Choice, Input

FORMATS = Catalog(schemas.formats, Format)
FAR = 1_000
"""Rows after which no more readable ones are waited for."""
SHOWN = 12
"""Column names that an error shows."""
COLUMN_NAME = re.compile(r"[\w .()（）/-]{1,24}")
MOST_DIGITS = 4
"""Digits that the name of a column may have: more are a number of an order or of a phone."""


def detect_format(spec: Input, rows: Iterator[RawRow]) -> tuple[Choice, Iterator[RawRow]]:
    """Find the format that the recipe names, or the one that most of the first rows fit; and give all rows, none lost.

    Empty rows have no vote. Raises InputError when no format fits. A file without one readable row counts as
    `messages`: each of its rows then gets its own reason.
    """
    if spec.format is not None:
        return spec.format, rows

    # The rows that are looked at come again: a stream of rows cannot be rewound.
    first: list[RawRow] = []
    written: list[Mapping[str, Any]] = []
    while len(written) < LOOK and len(first) < FAR and (row := next(rows, None)) is not None:
        first.append(row)
        if row.fields is not None and not is_empty(row.fields):
            written.append(row.fields)
    rows = chain(first, rows)

    readable = written or [row.fields for row in first if row.fields is not None]
    if not readable:
        return Choice(name="messages"), rows
    name = fitting_format(readable)
    if name is None:
        raise _no_format(shown_columns(readable[0]))
    return Choice(name=name), rows


def fitting_format(rows: list[Any]) -> str | None:
    """Find the first format that more than half of the rows fit; `rows` are the columns of each."""
    for name, kind in FORMATS.all().items():
        if 2 * sum(kind.fits(fields) for fields in rows) > len(rows):
            return name
    return None


def _no_format(columns: str) -> InputError:
    return InputError(
        f"which columns hold the conversation? The file has: {columns}. Name a format in the recipe: "
        "`format: {pairs: {question: COLUMN, answer: COLUMN}}`, "
        "`format: {turns: {session: COLUMN, role: COLUMN, text: COLUMN}}`, or, where there are questions only, "
        "`format: {questions: {text: COLUMN}}` with `kind: refusal`",
        f"哪些列是对话内容？文件中有：{columns}。请在配方中写明格式："
        "`format: {pairs: {question: 列名, answer: 列名}}`、"
        "`format: {turns: {session: 列名, role: 列名, text: 列名}}`，只有问题时用 "
        "`format: {questions: {text: 列名}}` 并写 `kind: refusal`",
    )


def shown_columns(fields: Mapping[str, Any]) -> str:
    """List the column names, with a number in place of each that looks like content: without a header the first row
    stands where the names should.
    """
    names = [shown_name(name, number) for number, name in enumerate(fields, start=1)]
    return ", ".join(names[:SHOWN] + ["…"] * (len(names) > SHOWN)) or "–"


def shown_name(name: str, number: int) -> str:
    """Show the name of a column, or its number where the name looks like content."""
    return name if COLUMN_NAME.fullmatch(name) and sum(map(str.isdigit, name)) <= MOST_DIGITS else f"#{number}"
