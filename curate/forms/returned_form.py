"""Reads a sheet that people filled in and sent back: any encoding and program, in any order, with what they added."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from curate.forms.words import bare
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.file_types import begins_with_markup, check_no_disguise, is_spreadsheet_xml, is_workbook
from curate.reading.decoding.undecided import UndecidedEncodingError
from curate.reading.raw_rows import READERS, WHOLE, RawRows, raw_rows
from curate.reading.readers import RawRow, is_empty
from curate.reading.readers.xlsx import visible_sheets
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.input import Choice, Input

START = 4096
"""Bytes by which the kind of a file is known."""
PASSED_OVER = ("below_table", "header_again")
"""Faults of rows that people and programs add: totals, remarks, names once more."""
AGAIN = re.compile(r"_[0-9]+\Z")
DELIMITERS = (",", "\t", ";")
"""What spreadsheets write between cells."""
BY_EXCEL = ("gb18030", "cp1252")
UNCOMPUTED = "formula_without_value"


class FormRow(NamedTuple):
    """One row that came back: its number in the sheet, and its cells by the keys of the columns that are there.
    `uncomputed` says that it holds a formula whose value was not stored.
    """

    number: int
    cells: Mapping[str, str]
    uncomputed: bool = False


class ReturnedForm(NamedTuple):
    """A table of a file that came back: the columns that it still has, and its rows."""

    columns: frozenset[str]
    rows: tuple[FormRow, ...]


def returned_forms(path: Path, columns: Mapping[str, Bilingual], needed: Collection[str]) -> list[ReturnedForm]:
    """Read every visible sheet of a file that has the columns which are needed, by their names in either language.

    Raises InputError where none has them, and for a row that cannot be read; no error quotes a cell.
    """
    try:
        return _forms(path, columns, needed)
    except InputError as error:
        raise InputError(f"{path}: {error.sentence.en}", f"{path}：{error.sentence.zh}") from None


def _inputs(path: Path) -> Iterator[tuple[Input, ...]]:
    """Say how each table of a file may be read, the likeliest way first, by what the file is, whatever it is called."""
    raw = open_raw(path)
    with raw.stream() as stream:
        start = stream.read(START)

    def reading(reader: str, **options: Any) -> Input:
        return Input(path=str(path), reader=Choice(name=reader, options=options))

    if is_workbook(start):
        names = visible_sheets(raw.content(WHOLE))
        yield from ((reading("xlsx", sheet=name),) for name in names)
        if not names:
            yield (reading("xlsx"),)
    elif begins_with_markup(start):
        yield (reading("spreadsheet_xml" if is_spreadsheet_xml(start) else "html"),)
    else:
        if PurePath(raw.name).suffix.lower() in READERS.load("xlsx").suffixes:
            check_no_disguise(start)
        guessed = reading("csv", escapes=False)  # no spreadsheet escapes by a backslash
        yield guessed, *(reading("csv", escapes=False, delimiter=mark) for mark in DELIMITERS)


def _forms(path: Path, columns: Mapping[str, Bilingual], needed: Collection[str]) -> list[ReturnedForm]:
    """Read the tables that have the columns. A sheet that cannot be read is passed over where another has them."""
    forms: list[ReturnedForm] = []
    failed: list[_UnfitError] = []
    for ways in _inputs(path):
        errors = []
        for spec in ways:
            try:
                forms.append(_form(spec, path, columns, needed))
                break
            except InputError as error:
                en, zh = error.sentence.en, error.sentence.zh
                errors.append(error if isinstance(error, _UnfitError) else _UnfitError(en, zh, len(needed)))
        else:
            failed.append(min(errors, key=lambda error: error.missing))
    if not forms:
        raise min(failed, key=lambda error: error.missing)
    return forms


class _UnfitError(InputError):
    """A table that is not the form; `missing` counts the columns that it lacks."""

    def __init__(self, en: str, zh: str, missing: int = 0) -> None:
        super().__init__(en, zh)
        self.missing = missing


def _form(spec: Input, path: Path, columns: Mapping[str, Bilingual], needed: Collection[str]) -> ReturnedForm:
    """Read one table. Raises InputError for one that cannot be read or lacks columns."""
    rows = [row for row in _rows(spec, path) if row.fields is None or not is_empty(row.fields)]
    rows = [row for row in rows if row.fields is not None or row.fault not in PASSED_OVER]
    whole = [row for row in rows if row.fields is not None]
    if not whole:
        raise InputError("the sheet has no rows", "表里没有内容")
    grid = [[*map(str, whole[0].fields or ())], *map(_values, whole)]
    header = _header(grid, columns, needed)
    found = _found(grid[header], columns)
    if missing := [columns[key] for key in needed if key not in found]:
        raise _UnfitError(
            f"it lacks the columns {', '.join(name.en for name in missing)}; is it the sheet?",
            f"缺少列：{'、'.join(name.zh for name in missing)}；是那张表吗？",
            len(missing),
        )
    if broken := [row.number for row in rows if row.fields is None]:
        raise InputError(f"row {broken[0]} cannot be read", f"第 {broken[0]} 行读不出来")

    # The header may have been sorted in among the rows: what was read as one is then a row.
    numbered = [(1, _unnamed(grid[0]), False)] if header else []
    numbered += [(row.number, cells, row.fault == UNCOMPUTED) for row, cells in zip(whole, grid[1:], strict=True)]
    cells_of = [(number, {key: cells[n] for key, n in found.items()}, lost) for number, cells, lost in numbered]
    below = [FormRow(*row) for row in cells_of if not _is_header(row[1], columns, needed)]
    return ReturnedForm(frozenset(found), tuple(below))


def _header(grid: Sequence[Sequence[str]], columns: Mapping[str, Bilingual], needed: Collection[str]) -> int:
    """Find the row of names: the first that has most of those that are needed."""
    wanted = set(needed)
    return max(range(len(grid)), key=lambda number: len(wanted & {*_found(grid[number], columns)}))


def _rows(spec: Input, path: Path) -> list[RawRow]:
    """Read all rows of a table. Where its characters do not show the encoding, it is one of those that Excel writes:
    whoever made the sheet knows by its texts which rows came back whole.
    """
    try:
        return _numbered(raw_rows(spec, path))
    except UndecidedEncodingError:
        for encoding in BY_EXCEL:
            with suppress(InputError):
                return _numbered(raw_rows(spec.model_copy(update={"encoding": encoding}), path))
        raise InputError(
            "its encoding is not known; save it as .xlsx, or as CSV UTF-8",
            "认不出它的编码；请另存为 .xlsx，或 CSV UTF-8",
        ) from None


def _numbered(raw: RawRows) -> list[RawRow]:
    """Number rows as a spreadsheet shows them: in a text they count from the line on which they begin."""
    rows = [*raw.rows]
    return rows if raw.reader != "csv" else [row._replace(number=rows[0].number + n) for n, row in enumerate(rows)]


def _values(row: RawRow) -> list[str]:
    return ["" if value is None else str(value) for value in (row.fields or {}).values()]


def _found(header: Sequence[str], columns: Mapping[str, Bilingual]) -> dict[str, int]:
    """Find the columns by their names in either language."""
    numbers = {bare(name): number for number, name in reversed([*enumerate(header)])}
    by_key = {
        key: next((numbers[word] for name in (names.en, names.zh) if (word := bare(name)) in numbers), None)
        for key, names in columns.items()
    }
    return {key: number for key, number in by_key.items() if number is not None}


def _unnamed(header: Sequence[str]) -> list[str]:
    """Take off what a reader makes of the cells of a header: names of empty ones, and numbers behind equal ones."""
    named = ["" if name == f"column_{number}" else name for number, name in enumerate(header, start=1)]
    return [base if (base := AGAIN.sub("", name)) in header else name for name in named]


def _is_header(cells: Mapping[str, str], columns: Mapping[str, Bilingual], needed: Collection[str]) -> bool:
    """Tell whether a row holds the names of the columns once more."""
    return all(bare(cells[key]) in (bare(columns[key].en), bare(columns[key].zh)) for key in needed)
