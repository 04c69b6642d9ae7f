"""What is said of a file whose encoding cannot be decided, and what a person is shown to decide it."""

from collections.abc import Sequence

from curate.reading.decoding.archives import READ_SIZE
from curate.reading.decoding.utf8_lines import Utf8Failure
from schemas.bilingual import Bilingual
from schemas.errors import InputError

CANDIDATES = ("gb18030", "big5", "cp1252", "shift_jis", "euc_jp", "euc_kr", "utf-16-le")
"""What an undecided file is tried as, to tell the user which names are worth a try."""
SHOWN = 80
"""Characters of a line that a person is shown to choose an encoding by."""

Previews = Sequence[tuple[str, str]]
"""Pairs of an encoding that is worth a try and what a line would say in it."""


class UndecidedEncodingError(InputError):
    """The message holds no content. `previews` has for each encoding worth a try what the first line that is not UTF-8
    would say: to be shown to the person at the terminal, never to be written to a log.
    """


def previews_of(start: bytes, failure: Utf8Failure) -> list[tuple[str, str]]:
    """Read the first line that is not UTF-8 in each of the candidates in which every byte of `start` has a meaning."""
    begin = start.rfind(b"\n", 0, failure.byte) + 1
    end = start.find(b"\n", failure.byte)
    whole_lines = start[: start.rfind(b"\n") + 1] if len(start) == READ_SIZE else start
    previews = []
    for name in CANDIDATES:
        try:
            whole_lines.decode(name)
            line = start[begin : end if end >= 0 else None].decode(name)
        except UnicodeDecodeError:
            continue
        previews.append((name, line.strip()[:SHOWN]))
    return previews


def undecided(failure: Utf8Failure, previews: Previews, en: str, zh: str) -> UndecidedEncodingError:
    """Build the error of a file that reads well in no encoding or in two; `en` and `zh` say which."""
    advice = _advice([name for name, _ in previews])
    return UndecidedEncodingError(
        f"the encoding cannot be decided: not UTF-8 at byte {failure.byte}, and {en}; {advice.en}",
        f"无法判断编码：第 {failure.byte} 字节不是 UTF-8，{zh}；{advice.zh}",
        previews,
    )


def two_encodings(failure: Utf8Failure, line_in_utf8: int, previews: Previews) -> UndecidedEncodingError:
    """Build the error of a file of which some lines are UTF-8 and some are not."""
    name = next((name for name, _ in previews), "gb18030")
    return UndecidedEncodingError(
        f"two encodings in one file: line {failure.line} is not UTF-8, line {line_in_utf8} is; repair the file, or "
        f"allow it line by line in the recipe: `line_encodings: [{name}]`",
        f"一个文件里有两种编码：第 {failure.line} 行不是 UTF-8，第 {line_in_utf8} 行是；请修复文件，"
        f"或在配方中允许逐行判断：`line_encodings: [{name}]`",
        previews,
    )


def _advice(names: Sequence[str]) -> Bilingual:
    if not names:
        return Bilingual("no usual encoding fits all of it", "没有一种常用编码能读出整个文件")
    settings = ", ".join(f"`encoding: {name}`" for name in names)
    return Bilingual(
        f"if it is one of these, say so in the recipe: {settings}", f"若是其中之一，请在配方中写明：{settings}"
    )
