"""Decodes a file strictly, chunk by chunk: nothing is ever replaced."""

import codecs
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from curate.reading.decoding.archives import READ_SIZE, Raw
from schemas.bilingual import Bilingual
from schemas.errors import InputError


class Decision(NamedTuple):
    """The one encoding of a file. `line_encodings` are those tried on single lines that it cannot read, `inner` is the
    encoding of a part of the file where the whole begins with a mark.
    """

    encoding: str
    evidence: Bilingual
    line_encodings: tuple[str, ...] = ()
    inner: str = ""


def text_blocks(raw: Raw, decision: Decision, lines_by_encoding: Counter[str] | None = None) -> Iterator[str]:
    """Read the text in blocks that end at line feeds (the last one where the file ends).

    With `decision.line_encodings`, a line that the encoding cannot read is read in the first of those that can, and
    counted under its name; a line that none can read has its bytes as half surrogates (PEP 383), so that a reader
    refuses it.
    """
    if decision.line_encodings:
        yield from _line_by_line(raw, decision, Counter() if lines_by_encoding is None else lines_by_encoding)
        return
    if decision.encoding.replace("_", "-").lower().startswith(("utf-16", "utf-32")):
        yield from _by_decoder(raw, decision.encoding)
        return
    offset = 0
    for block in byte_blocks(raw):
        text = _strictly(block, decision.encoding, offset)
        yield text if offset else text.removeprefix("\ufeff")
        offset += len(block)


def utf8_chunks(raw: Raw, encoding: str) -> Iterator[pl.Series]:
    """Read what `text_blocks` gives of a file in UTF-8, each block as a column of one text: checked, not decoded."""
    offset = 0
    for block in byte_blocks(raw):
        text = as_utf8(block if offset else block.removeprefix(codecs.BOM_UTF8))
        yield pl.Series([_strictly(block, encoding, offset)]) if text is None else text
        offset += len(block)


def _strictly(block: bytes, encoding: str, offset: int) -> str:
    try:
        return block.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_in(encoding, offset + error.start) from None


def byte_blocks(raw: Raw) -> Iterator[bytes]:
    """Read the bytes in blocks that end at line feeds. Raises InputError for a line without end."""
    with raw.stream() as stream:
        rest: list[bytes] = []
        waiting = 0
        while chunk := stream.read(READ_SIZE):
            cut = chunk.rfind(b"\n") + 1
            if cut:
                yield b"".join([*rest, memoryview(chunk)[:cut]])
                rest, waiting = [], 0
            rest.append(chunk[cut:])
            waiting += len(chunk) - cut
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
    """Read an encoding in which a line feed is several bytes: its blocks can be cut only after decoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with raw.stream() as stream:
        rest, offset = "", 0
        while chunk := stream.read(READ_SIZE):
            rest += _decoded(decoder, chunk, encoding, offset)
            cut = rest.rfind("\n") + 1
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > raw.longest // 2:
                raise _endless(raw.longest)
            offset += len(chunk)

        # What the decoder still holds back: a character that is not whole is an error only now.
        rest += _decoded(decoder, b"", encoding, offset, final=True)
        if rest:
            yield rest


def _decoded(
    decoder: codecs.IncrementalDecoder, chunk: bytes, encoding: str, offset: int, *, final: bool = False
) -> str:
    try:
        return decoder.decode(chunk, final).removeprefix("\ufeff" if offset == 0 else "")
    except UnicodeDecodeError as error:
        raise _not_in(encoding, offset + error.start) from None


def _line_by_line(raw: Raw, decision: Decision, lines_by_encoding: Counter[str]) -> Iterator[str]:
    is_first = True
    for block in byte_blocks(raw):
        lines = []
        for line in block.split(b"\n"):
            text, name = _line(line, decision)
            if name != decision.encoding:
                lines_by_encoding[name] += 1
            lines.append(text)
        text = "\n".join(lines)
        yield text.removeprefix("\ufeff") if is_first else text
        is_first = False


def _line(line: bytes, decision: Decision) -> tuple[str, str]:
    """Read one line in the first encoding that can: its text, and the name of the encoding, or `none`."""
    for name in (decision.encoding, *decision.line_encodings):
        try:
            return line.decode(name), name
        except UnicodeDecodeError:
            continue
    return line.decode("ascii", "surrogateescape"), "none"


def _not_in(encoding: str, offset: int) -> InputError:
    return InputError(
        f"byte {offset} of the file is not {encoding}; is the encoding in the recipe right?",
        f"文件第 {offset} 字节不是 {encoding}；配方里的编码对吗？",
    )


def as_utf8(block: bytes) -> pl.Series | None:
    """Give the block as a column of one text, if it is UTF-8: checked in a third of the time that decoding takes."""
    try:
        return pl.Series([block], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return None
