"""Finds the encoding of a file by evidence from the whole file."""

import codecs
import re

from curate.reading.decoding.archives import READ_SIZE, Raw
from curate.reading.decoding.decode import Decision, byte_blocks
from curate.reading.decoding.encoding_names import is_encoding
from curate.reading.decoding.han_statistics import (
    FIRST_LEVEL,
    LEVEL_ONE,
    SECOND_USUAL,
    USUAL,
    ChineseEvidence,
    class_of,
)
from curate.reading.decoding.undecided import Previews, UndecidedEncodingError, previews_of, two_encodings, undecided
from curate.reading.decoding.utf8_lines import Utf8Failure, Utf8Lines, first_failure
from curate.reading.decoding.western import western
from schemas.bilingual import Bilingual
from schemas.errors import InputError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
"""Byte order marks, what they say, and the encoding of what stands behind them."""
BIG5 = ("big5", "cp950", "big5hkscs")
"""Big5 and its two large extensions; the first in which every byte has a meaning is taken."""
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PLAIN = re.compile(r"[\t\n\r -~\u3000-\u303f\uff00-\uffef\u2010-\u2027]")
READ_AS_TEXT = 0.95
"""The share of Latin, common Han and punctuation that a text without a mark must have to be taken for UTF-16."""
FEW = 16
"""One zero byte in 16 is a slip, more is no text."""


def detect_encoding(raw: Raw, named: str | None = None, line_encodings: tuple[str, ...] = ()) -> Decision:
    """Find the encoding of a file. Order: the recipe's word, byte order mark, strict UTF-8, then GB18030, Big5,
    UTF-16 or windows-1252 with evidence.

    Reads the file once, or three times where it is not UTF-8. Raises InputError, which names bytes and lines by their
    numbers but never what stands there.
    """
    for name in (named, *line_encodings):
        if name is not None and not is_encoding(name):
            raise InputError(f"there is no encoding '{name}'", f"没有名为“{name}”的编码")
    if named is not None or line_encodings:
        return Decision(named or "utf-8", Bilingual("named in the recipe", "配方里写明的"), line_encodings)

    start = _start(raw)
    for mark, name, inner in BOMS:
        if start.startswith(mark):
            return Decision(name, Bilingual("byte order mark", "有字节序标记"), inner=inner)

    # Zero bytes are valid UTF-8, and in UTF-16 they are half of every Latin letter: they are looked at before UTF-8.
    failure = first_failure(raw)
    if b"\0" in start and (wide := _wide(start)):
        return wide
    if start.count(0) * FEW > len(start):
        raise UndecidedEncodingError(
            f"the file holds many zero bytes, the first at byte {start.index(0)}, as no text does, and is not UTF-16; "
            "is it a document of another program?",
            f"文件含有大量零字节（首个在第 {start.index(0)} 字节），不像文本，也不是 UTF-16；它是其他程序的文件吗？",
        )
    if failure is None:
        return Decision("utf-8", Bilingual("every byte is valid UTF-8", "每个字节都符合 UTF-8"))
    return _chinese(raw, start, failure)


def _start(raw: Raw) -> bytes:
    with raw.stream() as stream:
        return stream.read(READ_SIZE)


def _wide(start: bytes) -> Decision | None:
    """Find UTF-16 or UTF-32 without a mark, if the text that it gives is one."""
    for name in WIDE:
        text = start[: len(start) // 4 * 4].decode(name, "replace")
        usual = sum(1 for c in text if c in FIRST_LEVEL or c in LEVEL_ONE or PLAIN.match(c))
        if text and usual >= READ_AS_TEXT * len(text) and "\0" not in text:
            share = usual / len(text)
            return Decision(
                name,
                Bilingual(
                    f"no mark, but as {name} {share:.1%} of its characters are those of usual texts",
                    f"没有标记，但按 {name} 读出的字符有 {share:.1%} 是常用字符",
                ),
            )
    return None


def _chinese(raw: Raw, start: bytes, failure: Utf8Failure) -> Decision:
    """Decide for GB18030 or Big5, if all of the file reads like Chinese in one of them, or for a Western encoding."""
    if failure.cut_off:
        raise InputError(
            "the file ends in the middle of a UTF-8 character: it was cut off",
            "文件在一个 UTF-8 字符中间结束：文件不完整",
        )

    # 1. The evidence, from one reading of the whole file.
    gb = ChineseEvidence("gb18030", class_of(FIRST_LEVEL), class_of(USUAL))
    big5 = [ChineseEvidence(name, class_of(LEVEL_ONE), class_of(SECOND_USUAL)) for name in BIG5]
    utf8_lines = Utf8Lines()
    offset, line = 0, 1
    for block in byte_blocks(raw):
        utf8_lines.take(block, line)
        for evidence in (gb, *big5):
            evidence.take(block, offset, line)
        offset, line = offset + len(block), line + block.count(b"\n")

    # 2. Not UTF-8 in some lines and something else in others.
    previews = previews_of(start, failure)
    if line_in_utf8 := utf8_lines.line_in_utf8():
        raise two_encodings(failure, line_in_utf8, previews)
    is_chinese = any(evidence.is_chinese() for evidence in (gb, *big5))
    return (None if is_chinese else western(start)) or _decided(failure, previews, gb, big5)


def _decided(failure: Utf8Failure, previews: Previews, gb: ChineseEvidence, big5: list[ChineseEvidence]) -> Decision:
    """Decide for the one that reads like Chinese in all lines. Where both do it is GB18030, or undecided if Big5 has
    the larger share of everyday characters.
    """
    fitting = [evidence for evidence in (gb, *big5) if evidence.is_chinese()][:2]
    if gb.is_chinese() and len(fitting) > 1 and gb.everyday() < fitting[1].everyday():
        raise undecided(failure, previews, "both GB18030 and Big5 give Chinese", "按 GB18030 和 Big5 都能读成中文")
    if not fitting and gb.broken is not None:
        raise undecided(failure, previews, f"not GB18030 at byte {gb.broken}", "也不是 GB18030")
    if not fitting:
        raise undecided(failure, previews, "GB18030 gives no usual Chinese", "按 GB18030 读出的不像常用中文")
    best = fitting[0]
    if odd := best.odd_line:
        raise undecided(
            failure,
            previews,
            f"{best.encoding} gives rare characters only in line {odd}",
            f"第 {odd} 行按 {best.encoding} 读出的多是生僻字",
        )
    return Decision(best.encoding, best.evidence())
