"""Opens and decodes one raw file: its rows before anybody knows what they mean."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import Any

import polars as pl

import curate.reading.readers
from curate.reading.decoding.archives import Raw, open_raw, too_large
from curate.reading.decoding.decode import Decision, text_blocks, utf8_chunks
from curate.reading.decoding.detect_encoding import detect_encoding
from curate.reading.decoding.file_types import (
    begins_with_markup,
    check_no_disguise,
    is_parquet,
    is_spreadsheet_xml,
    is_workbook,
)
from curate.reading.readers import RawRow, Reader
from curate.reading.readers._prefixed_json import is_behind_prefix
from curate.reading.readers._table import without_totals
from curate.reading.readers.console import ruled_line
from curate.reading.readers.jsonl import Jsonl
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.errors import InputError
from schemas.formats.chat_text import speaker_of
from schemas.input import Choice, Input, file_and_sheet

READERS = Catalog(curate.reading.readers, Reader)
LOOK = 20
"""Readable rows looked at to find the format."""
WHOLE = 512 << 20
"""Bytes up to which a file is read that must be seen whole: JSON in one piece, Excel, HTML."""
SPOKEN = 0.8
"""The share of lines that must begin with a speaker before a text is read as chats of several lines."""
TABLES = ("csv", "html", "spreadsheet_xml", "xlsx")
"""Readers in whose files totals may stand below the rows."""
BLOCKS = Choice(name="text", options={"blocks": True})
PREFIXED = Choice(name="jsonl", options={"prefixed": True})
CELLS = 3
"""Cells of a row of a table that is called a text."""
UTF8 = ("utf-8", "utf8")
SPREAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*\{|\{[ \t]*\r?\n)")
"""How one JSON value on many lines begins: no line of it is an object."""
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd")
"""What zip (and so .xlsx), gzip, old Excel and zstandard files begin with."""


@dataclass(frozen=True)
class RawRows:
    """The rows of a file before anybody knows what they mean."""

    reader: str
    decision: Decision
    rows: Iterator[RawRow]
    lines_by_encoding: Counter[str]
    """Lines read in another encoding than the file's, by its name; filled while the rows are taken."""
    chunks: Callable[[], Iterator[pl.Series]] | None = None
    """The text from its beginning, each chunk a column of one text, where it is JSON Lines in UTF-8: to be read by the
    block.
    """
    notes: list[Bilingual] = field(default_factory=list)
    """What a person should know about how the file was read; filled while the rows are taken."""
    choice: Choice | None = None
    """The reader, where the lines of a text show another one than its name."""


def raw_rows(spec: Input, path: Path) -> RawRows:
    """Open and decode a file. Raises InputError when that cannot be done."""
    path, sheet = file_and_sheet(path)
    raw = open_raw(path)
    with raw.stream() as stream:
        while (start := stream.read(4096)) and not start.strip():
            pass
    if not start:
        raise InputError("the file is empty", "文件是空的")
    name = _reader_name(spec, raw.name, start)
    reader = configure(READERS, spec.reader or Choice(name=name))
    if sheet:
        reader = _of_sheet(reader, sheet)
    if reader.takes == "bytes":
        decision = Decision("binary", Bilingual("the layout brings its own", "文件格式自带编码"))
        table = reader.rows(raw.content(WHOLE), reader.notes.append)
        if name in TABLES:
            table = without_totals(table, reader.notes.append)
        return RawRows(name, decision, table, Counter(), notes=reader.notes)

    if start.startswith(PACKED):
        raise InputError(
            "this is an Excel workbook or a compressed file under another name; call it .xlsx, .zip, .gz or .zst",
            "这是改了名的 Excel 或压缩文件；请改回 .xlsx、.zip、.gz 或 .zst",
        )
    rows = _decoded_rows(spec, raw, name, reader)
    if name == "text" and spec.reader is None:
        first = list(islice(rows.rows, LOOK))
        if drawn := _drawn_by_a_program(first):
            return replace(raw_rows(spec.model_copy(update={"reader": drawn}), path), choice=drawn)
        rows = replace(rows, rows=chain(first, rows.rows))
    return rows


def _decoded_rows(spec: Input, raw: Raw, name: str, reader: Any) -> RawRows:
    """Find the encoding of a text and read it, in blocks or as a whole."""
    if reader.takes == "text":
        raw = replace(raw, longest=WHOLE)
    decision = detect_encoding(raw, spec.encoding, spec.line_encodings)
    lines_by_encoding: Counter[str] = Counter()
    blocks = text_blocks(raw, decision, lines_by_encoding)
    note = reader.notes.append
    rows = iter(reader.rows(blocks if reader.takes == "blocks" else _whole(blocks), note))
    if name in TABLES:
        rows = without_totals(rows, note)
    by_block = (
        isinstance(reader, Jsonl)
        and reader.turns is None
        and not reader.prefixed
        and decision.encoding.lower() in UTF8
        and not decision.line_encodings
    )
    chunks = partial(utf8_chunks, raw, decision.encoding) if by_block else None
    return RawRows(name, decision, rows, lines_by_encoding, chunks, reader.notes)


def _of_sheet(reader: Any, sheet: str) -> Any:
    """Set the sheet that the path of an input names. Raises InputError for a file without sheets."""
    if "sheet" not in type(reader).model_fields:
        raise InputError(
            f"'#{sheet}' names a sheet, but this is no workbook",
            f"“#{sheet}”是指定工作表的写法，但此文件不是工作簿",
        )
    return reader.model_copy(update={"sheet": sheet})


def _is_chat_by_lines(rows: Sequence[RawRow]) -> bool:
    """Tell whether most lines of a text are one message each, of both sides: what empty lines divide is then a chat."""
    speakers = [speaker_of(str((row.fields or {}).get("text", ""))) for row in rows]
    known = [role for role in speakers if role]
    return {"user", "assistant"} <= set(known) and len(known) >= SPOKEN * len(speakers)


def _is_tabbed(lines: Sequence[str]) -> bool:
    """Tell whether all of several lines are cut into as many cells by tabs, three or more."""
    counts = {line.count("\t") for line in lines if line.strip()}
    return len(lines) > CELLS and len(counts) == 1 and min(counts) >= CELLS - 1


def _drawn_by_a_program(rows: Sequence[RawRow]) -> Choice | None:
    """Find the reader of a text whose lines are no rows by themselves: chats, tables of a console or of tabs, JSON."""
    lines = [row.raw for row in rows]
    if ruled_line(lines) is not None:
        return Choice(name="console")
    if _is_chat_by_lines(rows):
        return BLOCKS
    if _is_tabbed(lines):
        return Choice(name="csv")
    return PREFIXED if is_behind_prefix(lines) else None


def _whole(blocks: Iterator[str]) -> str:
    texts, size = [], 0
    for block in blocks:
        texts.append(block)
        size += len(block)
        if size > WHOLE:
            raise too_large(WHOLE)
    return "".join(texts)


def _reader_name(spec: Input, name: str, start: bytes) -> str:
    """Find the reader by the recipe, or by the ending of the name; a page, XML or a table of text that is called a
    workbook is read as what it is, and so is a workbook that is called a text, and Parquet under any name.
    """
    if spec.reader is not None:
        return spec.reader.name
    if is_parquet(start):
        return "parquet"
    suffix = PurePath(name).suffix.lower()
    by_suffix = next((n for n, reader in READERS.all().items() if suffix in reader.suffixes), None)
    if by_suffix is None:
        raise InputError(
            f"no reader is known for '{suffix or name}'; name one in the recipe: reader: {' | '.join(READERS.names())}",
            f"不认识“{suffix or name}”；请在配方中写明 reader: {' | '.join(READERS.names())}",
        )
    if by_suffix == "parquet":
        raise InputError(
            "called Parquet, but it is none; give it its right ending", "名字是 Parquet，内容却不是；请改回正确的后缀"
        )
    if READERS.load(by_suffix).takes == "bytes" and not start.startswith(PACKED):
        check_no_disguise(start)
        if is_spreadsheet_xml(start):
            return "spreadsheet_xml"
        return "html" if begins_with_markup(start) else "csv"
    if is_workbook(start):
        return by_suffix if READERS.load(by_suffix).takes == "bytes" else "xlsx"
    if by_suffix == "xml" and is_spreadsheet_xml(start):
        return "spreadsheet_xml"
    return "json" if by_suffix == "jsonl" and SPREAD.match(start) else by_suffix


def configure(catalog: Catalog[Any], choice: Choice) -> Any:
    """Load what is chosen from the catalog, with its options set."""
    return catalog.load(choice.name).model_validate(dict(choice.options))
