"""Reads the cells of logs that a comparison needs, as the text that stands in the files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from curate.experiments.columns import LogColumns, find_columns
from curate.inspect.column_roles import is_header
from curate.reading.raw_rows import raw_rows
from curate.reading.readers import RawRow, is_empty
from schemas.errors import InputError
from schemas.input import Input
from schemas.roles import role_of

THINGS = ("arm", "session", "role", "turns", "resolved", "score", "handed_over")
LOOK = 200
"""Rows whose columns are looked at: those of JSON may differ from row to row."""
CHUNK = 50_000
ROWS = pl.Schema([("file", pl.Int32()), ("row", pl.Int64()), *((thing, pl.String()) for thing in THINGS)])
"""A cell is null where its file has no such column."""
NESTED = "\0nested"
"""What stands for a cell that holds more than one value."""

OnStep = Callable[[str], None]


@dataclass(frozen=True)
class LogRows:
    """The rows of all files, with the schema ROWS; the columns of each file; how many rows could not be read."""

    rows: pl.DataFrame
    files: tuple[tuple[str, LogColumns], ...]
    unreadable: int


def read_logs(paths: Sequence[Path], named: Mapping[str, str | None], progress: OnStep = lambda _: None) -> LogRows:
    """Read the files in their order; `named` says columns by what they hold, `arm` among them.

    Raises InputError for a file that cannot be read, or has not the columns.
    """
    frames, files, unreadable = [pl.DataFrame(schema=ROWS)], [], 0
    for number, path in enumerate(paths):
        try:
            rows = raw_rows(Input(path=str(path)), path).rows
            first = list(islice(rows, LOOK))
            header = _header(first)
            cells = [[_text(value) for value in row.fields.values()] for row in first if row.fields]
            columns = find_columns(header, named, header if is_header(header, cells) else ())
            for chunk, faults in _chunks(chain(first, rows), columns, number):
                frames.append(chunk)
                unreadable += faults
                progress(f"{path.name}  {sum(frame.height for frame in frames):,}")
        except InputError as error:
            sentence = error.sentence
            raise InputError(f"{path}: {sentence.en}", f"{path}：{sentence.zh}", error.previews) from None
        files.append((str(path), columns))
    return LogRows(pl.concat(frames), tuple(files), unreadable)


def _header(rows: Sequence[RawRow]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows if row.fields for name in row.fields))
    if not names:
        raise InputError("the file has no row that can be read", "文件里没有一行读得出来")
    return names


NO_ROWS = ("below_table", "header_again", "log_line")
"""Faults of lines that an export writes around its rows, as they should be."""


def _chunks(rows: Iterator[RawRow], columns: LogColumns, file: int) -> Iterator[tuple[pl.DataFrame, int]]:
    """Take the needed cells of the rows: frames of ROWS, each with the number of rows that had a fault."""
    needed = columns.by_thing()
    while block := list(islice(rows, CHUNK)):
        whole = [
            (number, fields)
            for number, fields, _, _ in block
            if fields is not None and (fields.get(columns.arm) or not is_empty(fields))
        ]
        faults = sum(row.fields is None and row.fault not in NO_ROWS for row in block)
        cells = {
            thing: [value if type(value := fields.get(name)) is str else _text(value) for _, fields in whole]
            for thing, name in needed.items()
        }
        frame = pl.DataFrame({"row": [number for number, _ in whole], **cells}, schema_overrides={"row": pl.Int64})
        missing = [pl.lit(None, pl.String).alias(thing) for thing in THINGS if thing not in cells]
        yield frame.with_columns(pl.lit(file, pl.Int32).alias("file"), *missing).select(ROWS.names()).cast(ROWS), faults


def _text(value: Any) -> str:
    """Write a value of JSON as a cell: truths as words, nothing as nothing, a list of messages as its turns."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(_turns(value)) if isinstance(value, list) else NESTED


def _turns(messages: list[Any]) -> int:
    """Count how often the customer speaks in a list of messages; all messages, where no word says who is who."""
    sides = [
        role_of(str(message.get("role", message.get("from", ""))), {}) if isinstance(message, dict) else None
        for message in messages
    ]
    spoken = [side for side in sides if side not in ("system", "note")]
    turns = sum(side == "user" and before != "user" for before, side in zip([None, *spoken], spoken, strict=False))
    return turns or len(messages)
