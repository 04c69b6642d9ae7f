"""Decodes a file strictly, in pieces: nothing is ever replaced."""

import codecs
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from curate.reading.decoding.archives import Raw
from schemas.bilingual import Words
from schemas.errors import InputError

PIECE = 1 << 20
"""Bytes that are decoded at once."""


class Decision(NamedTuple):
    """The one encoding of a file. `lines` are those tried on single lines that it cannot read, `inner` is the encoding
    of a piece of the file where the whole begins with a mark.
    """

    encoding: str
    evidence: Words
    lines: tuple[str, ...] = ()
    inner: str = ""


def text_blocks(raw: Raw, decision: Decision, counted: Counter[str] | None = None) -> Iterator[str]:
    """The text in pieces that end at line feeds (the last one where the file ends).

    With `decision.lines`, a line that the encoding cannot read is read in the first of those that can, and counted
    under its name; a line that none can read has its bytes as half surrogates (PEP 383), so that a reader refuses it.
    """
    if decision.lines:
        yield from _line_by_line(raw, decision, Counter() if counted is None else counted)
        return
    if decision.encoding.replace("_", "-").lower().startswith(("utf-16", "utf-32")):
        yield from _by_decoder(raw, decision.encoding)
        return
    place = 0
    for block in byte_blocks(raw):
        text = _strictly(block, decision.encoding, place)
        yield text if place else text.removeprefix("\ufeff")
        place += len(block)


def utf8_pieces(raw: Raw, encoding: str) -> Iterator[pl.Series]:
    """What `text_blocks` gives of a file in UTF-8, each piece as a column of one text: checked, but not decoded."""
    place = 0
    for block in byte_blocks(raw):
        text = as_utf8(block if place else block.removeprefix(codecs.BOM_UTF8))
        yield pl.Series([_strictly(block, encoding, place)]) if text is None else text
        place += len(block)


def _strictly(block: bytes, encoding: str, place: int) -> str:
    try:
        return block.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_in(encoding, place + error.start) from None


def byte_blocks(raw: Raw) -> Iterator[bytes]:
    """The bytes in pieces that end at line feeds. Raises InputError for a line without end."""
    with raw.stream() as stream:
        rest: list[bytes] = []
        waiting = 0
        while piece := stream.read(PIECE):
            cut = piece.rfind(b"\n") + 1
            if cut:
                yield b"".join([*rest, memoryview(piece)[:cut]])
                rest, waiting = [], 0
            rest.append(piece[cut:])
            waiting += len(piece) - cut
            if waiting > raw.longest:
                raise _endless(raw.longest)
        if waiting:
            yield b"".join(rest)


def _endless(longest: int) -> InputError:
    return InputError(
        f"one line is longer than {longest >> 20} MiB, which no conversation is; the file was not read",
        f"有一行超过 {longest >> 20} MiB，不像对话，文件未读取",
    )


def _by_decoder(raw: Raw, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with raw.stream() as stream:
        rest, place = "", 0
        while piece := stream.read(PIECE):
            rest += _decoded(decoder, piece, encoding, place)
            cut = rest.rfind("\n") + 1
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > raw.longest // 2:
                raise _endless(raw.longest)
            place += len(piece)
        rest += _decoded(decoder, b"", encoding, place, final=True)
        if rest:
            yield rest


def _decoded(
    decoder: codecs.IncrementalDecoder, piece: bytes, encoding: str, place: int, *, final: bool = False
) -> str:
    try:
        return decoder.decode(piece, final).removeprefix("\ufeff" if place == 0 else "")
    except UnicodeDecodeError as error:
        raise _not_in(encoding, place + error.start) from None


def _line_by_line(raw: Raw, decision: Decision, counted: Counter[str]) -> Iterator[str]:
    first = True
    for block in byte_blocks(raw):
        pieces = []
        for line in block.split(b"\n"):
            text, name = _line(line, decision)
            if name != decision.encoding:
                counted[name] += 1
            pieces.append(text)
        text = "\n".join(pieces)
        yield text.removeprefix("\ufeff") if first else text
        first = False


def _line(line: bytes, decision: Decision) -> tuple[str, str]:
    for name in (decision.encoding, *decision.lines):
        try:
            return line.decode(name), name
        except UnicodeDecodeError:
            continue
    return line.decode("ascii", "surrogateescape"), "none"


def _not_in(encoding: str, place: int) -> InputError:
    return InputError(
        f"byte {place} of the file is not {encoding}; is the encoding in the recipe right?",
        f"文件第 {place} 字节不是 {encoding}；配方里的编码对吗？",
    )


def as_utf8(block: bytes) -> pl.Series | None:
    """The block as a column of one text, if it is UTF-8: told in a third of the time that decoding takes."""
    try:
        return pl.Series([block], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return None
