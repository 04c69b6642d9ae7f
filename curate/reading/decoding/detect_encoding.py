"""Finds the encoding of a file by evidence from the whole file, and decodes strictly: nothing is ever replaced."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from curate.reading.decoding.archives import Raw
from curate.reading.decoding.decode import PIECE, Decision, as_utf8, byte_blocks
from curate.reading.decoding.han_statistics import FIRST_LEVEL, LEVEL_ONE, SECOND_USUAL, USUAL, Likeness, class_of
from schemas.bilingual import Words
from schemas.errors import InputError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
"""Byte order marks, what they say, and the encoding of what stands behind them."""
CANDIDATES = ("gb18030", "big5", "cp1252", "shift_jis", "euc_jp", "euc_kr", "utf-16-le")
"""What an undecided file is tried as, to tell the user which names are worth a try."""
EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
BIG5 = ("big5", "cp950", "big5hkscs")
"""Big5 and its two large extensions; the first in which every byte has a meaning is taken."""
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PLAIN = re.compile(r"[\t\n\r -~\u3000-\u303f\uff00-\uffef\u2010-\u2027]")
READ_AS_TEXT = 0.95
"""The share of Latin, common Han and punctuation that a text without a mark must have to be taken for UTF-16."""
FEW = 16
"""One zero byte in so many is a slip, more is no text."""
SHOWN = 80
"""Characters of a line that a person is shown to choose an encoding by."""


class UndecidedEncodingError(InputError):
    """The message holds no content. `looks` has for each encoding worth a try what the first telling line would say:
    to be shown to the person who asks, never to be written to a log.
    """


def decide(raw: Raw, named: str | None = None, lines: tuple[str, ...] = ()) -> Decision:
    """The encoding of a file. Order: the recipe's word, byte order mark, strict UTF-8, then GB18030, Big5 or UTF-16
    with evidence.

    Reads the file once, or three times where it is not UTF-8. Raises InputError, which names places (bytes, lines) but
    never what stands there.
    """
    for name in (named, *lines):
        if name is not None:
            _check_name(name)
    if named is not None or lines:
        return Decision(named or "utf-8", Words("named in the recipe", "配方里写明的"), lines)
    start = _start(raw)
    for mark, name, inner in BOMS:
        if start.startswith(mark):
            return Decision(name, Words("byte order mark", "有字节序标记"), inner=inner)
    failed = _first_that_is_not_utf8(raw)
    if b"\0" in start and (wide := _wide(start)):
        return wide
    if start.count(0) * FEW > len(start):
        raise UndecidedEncodingError(
            f"the file holds many zero bytes, the first at byte {start.index(0)}, as no text does, and is not UTF-16; "
            "is it a document of another program?",
            f"文件含有大量零字节（首个在第 {start.index(0)} 字节），不像文本，也不是 UTF-16；它是其他程序的文件吗？",
        )
    if failed is None:
        return Decision("utf-8", Words("every byte is valid UTF-8", "每个字节都符合 UTF-8"))
    return _eastern(raw, start, failed)


def _check_name(name: str) -> None:
    try:
        b"x".decode(name)
    except UnicodeDecodeError:  # an encoding in which one byte is too few
        return
    except LookupError:
        raise InputError(f"there is no encoding '{name}'", f"没有名为“{name}”的编码") from None


def _start(raw: Raw) -> bytes:
    with raw.stream() as stream:
        return stream.read(PIECE)


class _Failure(NamedTuple):
    """Where a file stops to be UTF-8: byte from 0, line from 1, and whether it is only cut off there, at its end."""

    byte: int
    line: int
    cut_off: bool


def _first_that_is_not_utf8(raw: Raw) -> _Failure | None:
    place, eastern = 0, False
    for block in byte_blocks(raw):
        if not block.isascii() and not (eastern and as_utf8(block) is not None):
            try:
                text = block.decode("utf-8")
            except UnicodeDecodeError as error:
                eastern = eastern or _has_eastern(block[: error.start])
                failed = place + error.start
                return _Failure(failed, _line_of(raw, failed), error.reason == "unexpected end of data" and eastern)
            eastern = eastern or _shows_eastern(text[:PIECE])
        place += len(block)
    return None


def _line_of(raw: Raw, byte: int) -> int:
    """The line that the byte stands in. Most files are never asked for it."""
    line = 1
    for block in byte_blocks(raw):
        line += block.count(b"\n", 0, byte)
        if byte < len(block):
            break
        byte -= len(block)
    return line


def _wide(start: bytes) -> Decision | None:
    """UTF-16 or UTF-32 without a mark, if the text that it gives is one."""
    for name in WIDE:
        text = start[: len(start) // 4 * 4].decode(name, "replace")
        usual = sum(1 for c in text if c in FIRST_LEVEL or c in LEVEL_ONE or PLAIN.match(c))
        if text and usual >= READ_AS_TEXT * len(text) and "\0" not in text:
            share = usual / len(text)
            return Decision(
                name,
                Words(
                    f"no mark, but as {name} {share:.1%} of its characters are those of usual texts",
                    f"没有标记，但按 {name} 读出的字符有 {share:.1%} 是常用字符",
                ),
            )
    return None


def _eastern(raw: Raw, start: bytes, failed: _Failure) -> Decision:
    """The file as GB18030 or Big5, if all of it reads like Chinese in one of them."""
    if failed.cut_off:
        raise InputError(
            "the file ends in the middle of a UTF-8 character: it was cut off",
            "文件在一个 UTF-8 字符中间结束：文件不完整",
        )
    gb = Likeness("gb18030", class_of(FIRST_LEVEL), class_of(USUAL))
    big5 = [Likeness(name, class_of(LEVEL_ONE), class_of(SECOND_USUAL)) for name in BIG5]
    lines = _Lines()
    place, line = 0, 1
    for block in byte_blocks(raw):
        lines.take(block, line)
        for reading in (gb, *big5):
            reading.take(block, place, line)
        place, line = place + len(block), line + block.count(b"\n")
    looks = _looks(start, failed)
    lines.check_one_encoding(failed, looks)
    fitting = [reading for reading in (gb, *big5) if reading.is_chinese()][:2]
    if gb.is_chinese() and len(fitting) > 1 and gb.everyday() < fitting[1].everyday():
        raise _undecided(failed, looks, "both GB18030 and Big5 give Chinese", "按 GB18030 和 Big5 都能读成中文")
    if not fitting:
        if gb.broken is not None:
            raise _undecided(failed, looks, f"not GB18030 at byte {gb.broken}", "也不是 GB18030")
        raise _undecided(failed, looks, "GB18030 gives no usual Chinese", "按 GB18030 读出的不像常用中文")
    if odd := fitting[0].odd:
        name = fitting[0].encoding
        raise _undecided(
            failed,
            looks,
            f"{name} gives rare characters only in line {odd}",
            f"第 {odd} 行按 {name} 读出的多是生僻字",
        )
    return Decision(fitting[0].encoding, fitting[0].evidence())


@dataclass
class _Lines:
    """How many lines of a file are UTF-8 one by one, though not all of them are."""

    telling: int = 0
    valid: int = 0
    first_valid: int | None = None
    eastern: int | None = None

    def take(self, block: bytes, first: int) -> None:
        for number, line in enumerate(block.split(b"\n"), start=first):
            if line.isascii():
                continue
            self.telling += 1
            if _is_utf8(line):
                self.valid += 1
                self.first_valid = self.first_valid or number
                if self.eastern is None and _has_eastern(line):
                    self.eastern = number

    def check_one_encoding(self, failed: _Failure, looks: Sequence[tuple[str, str]]) -> None:
        """Raises InputError for a file of which some lines are UTF-8 and some are not."""
        if self.eastern is None and self.valid * 2 <= self.telling:
            return
        other = self.eastern or self.first_valid
        names = [name for name, _ in looks]
        raise UndecidedEncodingError(
            f"two encodings in one file: line {failed.line} is not UTF-8, line {other} is; repair the file, or allow "
            f"it line by line in the recipe: `line_encodings: [{', '.join(names[:1] or ['gb18030'])}]`",
            f"一个文件里有两种编码：第 {failed.line} 行不是 UTF-8，第 {other} 行是；请修复文件，"
            f"或在配方中允许逐行判断：`line_encodings: [{', '.join(names[:1] or ['gb18030'])}]`",
            looks,
        )


def _has_eastern(content: bytes) -> bool:
    """Whether the bytes are UTF-8 with at least two Han, kana or Hangul characters, which chance does not make."""
    return _is_utf8(content) and _shows_eastern(content.decode("utf-8"))


def _shows_eastern(text: str) -> bool:
    return len(list(islice(EASTERN.finditer(text), 2))) == 2


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks(start: bytes, failed: _Failure) -> list[tuple[str, str]]:
    """The candidates in which every byte has a meaning, each with what the first line that is not UTF-8 would say."""
    begin = start.rfind(b"\n", 0, failed.byte) + 1
    end = start.find(b"\n", failed.byte)
    whole = start[: start.rfind(b"\n") + 1] if len(start) == PIECE else start
    looks = []
    for name in CANDIDATES:
        try:
            whole.decode(name)
            line = start[begin : end if end >= 0 else None].decode(name)
        except UnicodeDecodeError:
            continue
        looks.append((name, line.strip()[:SHOWN]))
    return looks


def _undecided(failed: _Failure, looks: Sequence[tuple[str, str]], en: str, zh: str) -> InputError:
    advice = _advice([name for name, _ in looks])
    return UndecidedEncodingError(
        f"the encoding cannot be decided: not UTF-8 at byte {failed.byte}, and {en}; {advice.en}",
        f"无法判断编码：第 {failed.byte} 字节不是 UTF-8，{zh}；{advice.zh}",
        looks,
    )


def _advice(names: Sequence[str]) -> Words:
    if not names:
        return Words("no usual encoding fits all of it", "没有一种常用编码能读出整个文件")
    told = ", ".join(f"`encoding: {name}`" for name in names)
    return Words(f"if it is one of these, say so in the recipe: {told}", f"若是其中之一，请在配方中写明：{told}")
