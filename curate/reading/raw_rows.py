"""Opens and decodes one raw file: its rows before anybody knows what they mean."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import Any

import polars as pl

import curate.reading.readers
from curate.reading.decoding.archives import open_raw, too_large
from curate.reading.decoding.decode import Decision, text_blocks, utf8_pieces
from curate.reading.decoding.detect_encoding import decide
from curate.reading.decoding.file_types import check_no_disguise
from curate.reading.readers import Reader, Row
from curate.reading.readers.jsonl import Jsonl
from curate.reading.turn_table import TURNS as TURNS
from schemas.bilingual import Words
from schemas.catalog import Catalog
from schemas.errors import InputError
from schemas.formats.chat_text import speaker_of
from schemas.input import Choice, Input

READERS = Catalog(curate.reading.readers, Reader)
LOOK = 20
"""Readable rows looked at to find the format."""
WHOLE = 512 << 20
"""Bytes up to which a file is read that must be seen whole: JSON in one piece, Excel, HTML."""
SPOKEN = 0.8
"""The share of lines that must begin with a speaker before a text is read as chats of several lines."""
BLOCKS = Choice(name="text", options={"blocks": True})
UTF8 = ("utf-8", "utf8")
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True)
class RawRows:
    """The rows of a file before anybody knows what they mean."""

    reader: str
    decision: Decision
    rows: Iterator[Row]
    counted: Counter[str]
    """Lines read in another encoding than the file's, by its name; filled while the rows are taken."""
    pieces: Callable[[], Iterator[pl.Series]] | None = None
    """The text from its beginning in columns of one, where it is JSON Lines in UTF-8: to be read by the block."""


def raw_rows(spec: Input, path: Path) -> RawRows:
    """Opens and decodes a file. Raises InputError when that cannot be done."""
    raw = open_raw(path)
    with raw.stream() as stream:
        start = stream.read(4096)
    if not start.strip():
        raise InputError("the file is empty", "文件是空的")
    name = _reader_name(spec, raw.name, start)
    reader = make(READERS, spec.reader or Choice(name=name))
    counted: Counter[str] = Counter()
    if reader.takes == "bytes":
        rows = iter(reader.rows(raw.content(WHOLE)))
        return RawRows(name, Decision("binary", Words("the layout brings its own", "文件格式自带编码")), rows, counted)
    if start.startswith(PACKED):
        raise InputError(
            "this is an Excel workbook or a compressed file under another name; call it .xlsx, .zip, .gz or .zst",
            "这是改了名的 Excel 或压缩文件；请改回 .xlsx、.zip、.gz 或 .zst",
        )
    if reader.takes == "text":
        raw = replace(raw, longest=WHOLE)
    decision = decide(raw, spec.encoding, spec.line_encodings)
    blocks = text_blocks(raw, decision, counted)
    content = blocks if reader.takes == "blocks" else _whole(blocks)
    rows = iter(reader.rows(content))
    if name == "text" and spec.reader is None:
        first = list(islice(rows, LOOK))
        if _is_chat_by_lines(first):
            return raw_rows(spec.model_copy(update={"reader": BLOCKS}), path)
        rows = chain(first, rows)
    by_block = isinstance(reader, Jsonl) and decision.encoding.lower() in UTF8 and not decision.lines
    pieces = partial(utf8_pieces, raw, decision.encoding) if by_block else None
    return RawRows(name, decision, rows, counted, pieces)


def _is_chat_by_lines(rows: Sequence[Row]) -> bool:
    """Whether most lines of a text are one message each, of both sides: what is told apart by empty lines is a chat."""
    spoken = [speaker_of(str((row.fields or {}).get("text", ""))) for row in rows]
    said = [role for role in spoken if role]
    return {"user", "assistant"} <= set(said) and len(said) >= SPOKEN * len(spoken)


def _whole(blocks: Iterator[str]) -> str:
    pieces, size = [], 0
    for block in blocks:
        pieces.append(block)
        size += len(block)
        if size > WHOLE:
            raise too_large(WHOLE)
    return "".join(pieces)


def _reader_name(spec: Input, name: str, start: bytes) -> str:
    """By the recipe, or by the ending of the name; a workbook that is a page or a table under another name is one."""
    if spec.reader is not None:
        return spec.reader.name
    suffix = PurePath(name).suffix.lower()
    known = next((n for n, reader in READERS.all().items() if suffix in reader.suffixes), None)
    if known is None:
        raise InputError(
            f"no reader is known for '{suffix or name}'; name one in the recipe: reader: {' | '.join(READERS.names())}",
            f"不认识“{suffix or name}”；请在配方中写明 reader: {' | '.join(READERS.names())}",
        )
    if READERS.load(known).takes == "bytes" and not start.startswith(PACKED):
        check_no_disguise(start)
        return "html" if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "csv"
    return known


def make(catalog: Catalog[Any], choice: Choice) -> Any:
    return catalog.load(choice.name).model_validate(dict(choice.options))
