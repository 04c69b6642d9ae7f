"""Reads one raw file of a recipe into turns, with a reason for every row that could not be read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import Any

import polars as pl

import curate.readers
import schemas.formats
from curate.encodings import Decoded, decode
from curate.opening import open_raw
from curate.readers import Reader, Row
from schemas.catalog import Catalog
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.formats import Draft, Format, UnreadableError
from schemas.formats.turns import Turns
from schemas.input import Choice, Input
from schemas.ledger import EVENTS, events_of
from schemas.manifest import InputFile

READERS = Catalog(curate.readers, Reader)
FORMATS = Catalog(schemas.formats, Format)
TURNS = pl.Schema([("row", pl.Int64()), ("session", pl.String()), ("role", pl.String()), ("text", pl.String())])
"""Turns in the order they were said; `session` is empty where a row is a session itself."""
LOOK = 20
"""Readable rows looked at to find the format."""
FAR = 1_000
"""Rows after which no more readable ones are waited for."""
SHOWN = 12
"""Column names that an error shows."""
NAME = re.compile(r"[\w .()（）/-]{1,24}")


@dataclass(frozen=True)
class Intake:
    """One file read. Every raw row has turns in `turns`, or an event in `events` that says why not."""

    turns: pl.DataFrame
    events: pl.DataFrame
    facts: InputFile


def read_input(spec: Input, path: Path) -> Intake:
    """Reads the file. Raises InputError when it cannot be read at all, or when not one row of it can."""
    try:
        return _read(spec, path)
    except InputError as error:
        raise InputError(f"{spec.path}: {error.words.en}", f"{spec.path}：{error.words.zh}") from None


@dataclass(frozen=True)
class RawRows:
    """The rows of a file before anybody knows what they mean."""

    reader: str
    encoding: str
    evidence: str
    rows: Iterator[Row]


def raw_rows(spec: Input, path: Path) -> RawRows:
    """Opens and decodes a file. Raises InputError when that cannot be done."""
    opened = open_raw(path)
    reader_name = _reader_name(spec, opened.name)
    reader = _make(READERS, spec.reader or Choice(name=reader_name))
    _refuse_what_is_no_text(opened.content, binary=reader.binary)
    if reader.binary:
        return RawRows(reader_name, "binary", "the layout brings its own", iter(reader.rows(opened.content)))
    decoded: Decoded = decode(opened.content, spec.encoding)
    return RawRows(reader_name, decoded.encoding, decoded.evidence, iter(reader.rows(decoded.text)))


def _read(spec: Input, path: Path) -> Intake:
    raw = raw_rows(spec, path)
    rows = raw.rows
    format_choice, rows = _format(spec, rows)
    first = next(rows, None)
    rows = rows if first is None else chain([first], rows)
    turns, faults, count = _collect(rows, _make(FORMATS, format_choice))
    if count and len(faults) == count:
        reasons = ", ".join(sorted({reason for _, reason in faults}))
        columns = _shown(first.fields) if first and first.fields else "–"
        raise InputError(
            f"not one of {count} rows could be read as {format_choice.name} ({reasons}). The file has: {columns}; "
            "see `reader:` and `format:` of this input",
            f"{count} 行中没有一行能按 {format_choice.name} 读取（{reasons}）。文件中有：{columns}；"
            "请检查此输入的 reader 和 format",
        )
    facts = InputFile(
        path=spec.path,
        digest=digest_file(path),
        bytes=path.stat().st_size,
        rows=count,
        bad=len(faults),
        kind=spec.kind,
        reader=raw.reader,
        format=format_choice.name,
        encoding=raw.encoding,
        evidence=raw.evidence,
        licence=spec.licence,
    )
    return Intake(turns, _fault_events(spec.path, faults), facts)


def _refuse_what_is_no_text(content: bytes, *, binary: bool) -> None:
    if not content.strip():
        raise InputError("the file is empty", "文件是空的")
    if not binary and content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
        raise InputError(
            "this is an Excel workbook or a compressed file under another name; call it .xlsx, .zip or .gz",
            "这是改了名的 Excel 或压缩文件；请改回 .xlsx、.zip 或 .gz",
        )


def _reader_name(spec: Input, name: str) -> str:
    if spec.reader is not None:
        return spec.reader.name
    suffix = PurePath(name).suffix.lower()
    for reader_name, reader in READERS.all().items():
        if suffix in reader.suffixes:
            return reader_name
    raise InputError(
        f"no reader is known for '{suffix or name}'; name one in the recipe: reader: {' | '.join(READERS.names())}",
        f"不认识“{suffix or name}”；请在配方中写明 reader: {' | '.join(READERS.names())}",
    )


def _make(catalog: Catalog[Any], choice: Choice) -> Any:
    return catalog.load(choice.name).model_validate(dict(choice.options))


def _format(spec: Input, rows: Iterator[Row]) -> tuple[Choice, Iterator[Row]]:
    """The format that the recipe names, or the one that most of the first rows fit; and the rows, none of them lost."""
    if spec.format is not None:
        return spec.format, rows
    first: list[Row] = []
    readable: list[Mapping[str, Any]] = []
    while len(readable) < LOOK and len(first) < FAR and (row := next(rows, None)) is not None:
        first.append(row)
        if row.fields is not None:
            readable.append(row.fields)
    rest = chain(first, rows)
    if not readable:
        return Choice(name="messages"), rest
    for name, kind in FORMATS.all().items():
        if 2 * sum(kind.fits(fields) for fields in readable) > len(readable):
            return Choice(name=name), rest
    columns = _shown(readable[0])
    raise InputError(
        f"which columns hold the conversation? The file has: {columns}. Name a format in the recipe, for example "
        "`format: {pairs: {question: COLUMN, answer: COLUMN}}` or "
        "`format: {turns: {session: COLUMN, role: COLUMN, text: COLUMN}}`",
        f"哪些列是对话内容？文件中有：{columns}。请在配方中写明格式，例如 "
        "`format: {pairs: {question: 列名, answer: 列名}}` 或 "
        "`format: {turns: {session: 列名, role: 列名, text: 列名}}`",
    )


def _shown(fields: Mapping[str, Any]) -> str:
    """The column names, but for those that look like content: without a header the first row stands in their place."""
    names = [
        name if NAME.fullmatch(name) and sum(map(str.isdigit, name)) < 5 else f"#{place}"
        for place, name in enumerate(fields, start=1)
    ]
    return ", ".join(names[:SHOWN] + ["…"] * (len(names) > SHOWN))


def _collect(rows: Iterator[Row], layout: Format) -> tuple[pl.DataFrame, list[tuple[int, str]], int]:
    """All turns, (row, reason) for every row that gave none, and the number of rows."""
    turns: list[tuple[int, str | None, str, str]] = []
    moments: list[str] = []
    faults: list[tuple[int, str]] = []
    timed = layout if isinstance(layout, Turns) and layout.time else None
    count = 0
    for row in rows:
        count += 1
        draft, fault = _draft(row, layout)
        if draft is None:
            faults.append((row.number, fault))
            continue
        turns += [(row.number, draft.session, turn.role, turn.text) for turn in draft.turns]
        if timed:
            moments += [timed.moment(row.fields or {})] * len(draft.turns)
    frame = pl.DataFrame(turns, schema=TURNS, orient="row")
    if timed:
        frame = frame.sort(pl.Series(moments, dtype=pl.String), maintain_order=True)
    return frame, faults, count


def _draft(row: Row, layout: Format) -> tuple[Draft | None, str]:
    if row.fields is None:
        return None, row.fault or "unreadable"
    try:
        draft = layout.read(row.fields)
    except UnreadableError as error:
        return None, str(error)
    if not any(turn.text.strip() for turn in draft.turns):
        return None, "empty_row"
    return draft, ""


def _fault_events(file: str, faults: list[tuple[int, str]]) -> pl.DataFrame:
    if not faults:
        return pl.DataFrame(schema=EVENTS)
    frame = pl.DataFrame(faults, schema={"row": pl.Int64, "reason": pl.String}, orient="row")
    return events_of(frame.with_columns(file=pl.lit(file)), "read", "dropped")
