"""The escapes of `mysql --batch`: a line feed in a cell is a backslash and an n, and a backslash is doubled."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

ESCAPE = re.compile(r"\\([nrt0\\])")
"""What such a table, and what PostgreSQL's COPY, has behind a backslash."""
OTHER = re.compile(r"\\(?![nrt0\\])|(?<=\\)r(?!\\n)")
"""What none of them writes, and what begins a word of LaTeX."""
MEANS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}
FEED = re.compile(r"(?<![ \t\n\u3000\\(\[（「“\"'`^:])(?:\\r)?\\n(?![a-z\s+*?|)\]}）」”\"'`.,;])")
"""A line feed between two words: no path (`C:\\new`), no pattern (`[^\\n]+`), and none that is spoken of."""
SPELT = re.compile(r"\\n")
DOUBLED = re.compile(r"[\w:]\\\\(?=\w)")
"""A doubled backslash inside of a path, where one stands alone when nothing escapes."""
NULL = re.compile(r"(?:^|\t)NULL(?=[\t\r\n]|\Z)", re.MULTILINE)
"""A cell that is nothing, as `mysql --batch` writes it."""
QUOTED = re.compile(r'(?:^|\t)"[^\t\n]*"(?=[\t\r\n]|\Z)', re.MULTILINE)
FEW = 3
"""Line feeds that show escapes where nothing else does."""


class BackslashSigns(NamedTuple):
    """What the backslashes of a table look like: line feeds between words, those spelt out in any way, doubled ones."""

    feeds: int
    spelt: int
    doubled: int
    others: bool
    """Whether one stands before what nobody escapes."""


def backslash_signs(sample: str) -> BackslashSigns:
    """Count what shows whether backslashes escape."""
    if "\\" not in sample:
        return BackslashSigns(0, 0, 0, others=False)
    single = sample.replace("\\\\", "\ufdd0")  # a doubled one takes the meaning of the next letter away
    feeds, spelt = len(FEED.findall(single)), len(SPELT.findall(single))
    return BackslashSigns(feeds, spelt, len(DOUBLED.findall(sample)), OTHER.search(single) is not None)


def is_batch(sample: str, signs: BackslashSigns) -> bool:
    """Tell whether a table with tabs is one of `mysql --batch`: no backslash stands before another letter, and several
    line feeds show that they escape, or one of them, or a doubled backslash, beside a cell that is `NULL`.
    """
    if signs.others or not (signs.feeds or signs.doubled):
        return False
    if 2 * len(QUOTED.findall(sample)) > sample.count("\n"):
        return False
    if signs.feeds and 2 * signs.feeds < signs.spelt and not signs.doubled:
        return False
    return bool(NULL.search(sample)) or signs.feeds >= FEW or bool(signs.feeds and signs.doubled)


def unescaped(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Read the cells of rows as what their escapes mean; a backslash before any other letter stays."""
    for cells in rows:
        yield [ESCAPE.sub(_meant, cell) if "\\" in cell else cell for cell in cells]


def _meant(match: re.Match[str]) -> str:
    return MEANS[match[1]]
