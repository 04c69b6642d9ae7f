"""Where a file stops to be UTF-8, and how many of its lines are UTF-8 all the same."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from curate.reading.decoding.archives import READ_SIZE, Raw
from curate.reading.decoding.decode import as_utf8, byte_blocks

EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Kana, Han and Hangul."""


class Utf8Failure(NamedTuple):
    """Where a file stops to be UTF-8: byte from 0, line from 1, and whether it is only cut off there, at its end."""

    byte: int
    line: int
    cut_off: bool


def first_failure(raw: Raw) -> Utf8Failure | None:
    """Find the first byte that is not UTF-8; None where all of the file is."""
    offset, eastern = 0, False
    for block in byte_blocks(raw):
        if not block.isascii() and not (eastern and as_utf8(block) is not None):
            try:
                text = block.decode("utf-8")
            except UnicodeDecodeError as error:
                eastern = eastern or _has_eastern(block[: error.start])
                byte = offset + error.start
                return Utf8Failure(byte, _line_of(raw, byte), error.reason == "unexpected end of data" and eastern)
            eastern = eastern or _shows_eastern(text[:READ_SIZE])
        offset += len(block)
    return None


def _line_of(raw: Raw, byte: int) -> int:
    """Count the lines up to the byte, in a second reading: most files have no byte that anybody asks for."""
    line = 1
    for block in byte_blocks(raw):
        line += block.count(b"\n", 0, byte)
        if byte < len(block):
            break
        byte -= len(block)
    return line


@dataclass
class Utf8Lines:
    """How many lines of a file are UTF-8 one by one, though not all of them are. `beyond_ascii` are the lines that say
    anything about the encoding; `first_eastern` is the number of one that is UTF-8 and not by chance.
    """

    beyond_ascii: int = 0
    valid: int = 0
    first_valid: int | None = None
    first_eastern: int | None = None

    def take(self, block: bytes, first: int) -> None:
        """Count the lines of a block, of which the first has the number `first`."""
        for number, line in enumerate(block.split(b"\n"), start=first):
            if line.isascii():
                continue
            self.beyond_ascii += 1
            if _is_utf8(line):
                self.valid += 1
                self.first_valid = self.first_valid or number
                if self.first_eastern is None and _has_eastern(line):
                    self.first_eastern = number

    def line_in_utf8(self) -> int | None:
        """Find the number of a line that shows that a part of the file is UTF-8; None where chance may have made all
        those that are valid.
        """
        if self.first_eastern is None and self.valid * 2 <= self.beyond_ascii:
            return None
        return self.first_eastern or self.first_valid


def _has_eastern(content: bytes) -> bool:
    """Tell whether the bytes are UTF-8 with at least two Han, kana or Hangul characters, which chance does not make."""
    return _is_utf8(content) and _shows_eastern(content.decode("utf-8"))


def _shows_eastern(text: str) -> bool:
    return len(list(islice(EASTERN.finditer(text), 2))) == 2


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
