"""Runs of spaces and empty lines."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._protected import CODE_LINE, outside

ODD = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"


class Spaces(CleaningStep):
    """Any space becomes a plain one, a run of them one, three line feeds two. The indentation of lines stays, and so
    do the spaces inside numbers (`12\u00a0000`), tables and lines that look like code.
    """

    title_zh: ClassVar[str] = "空白规范化"
    order: ClassVar[int] = 90

    def screen(self) -> str | None:
        return rf"[{ODD}]|[^\s][ \t]{{2,}}|\n{{3,}}|[ \t]\n|^\s|\s$"

    def fix(self, text: str, lang: str = "zh") -> str:
        text = _LEADING.sub("", outside(_FIRST_INDENT.sub("", text), _fixed).rstrip())
        return text if _INDENTED.search(text) else text.lstrip()


def _fixed(segment: str) -> str:
    segment = _ODD.sub(" ", _INDENT.sub("", segment))
    segment = "\n".join(line if CODE_LINE.search(line) else _RUN.sub(" ", line) for line in segment.split("\n"))
    return _EMPTY.sub("\n\n", _TRAILING.sub("\n", segment))


_INDENT = re.compile(r"(?<=\n)[^\S\n]*\u3000[^\S\n]*")
"""A paragraph that begins with the space of a Han character or two, as in print: not what goes on behind an address."""
_FIRST_INDENT = re.compile(r"\A[^\S\n]*\u3000[^\S\n]*")
_ODD = re.compile(rf"(?<!\d)[{ODD}]|[{ODD}](?!\d)")
_RUN = re.compile(r"(?<=\S) {2,}(?=\S)")
_TRAILING = re.compile(r"[ \t]+\n")
_EMPTY = re.compile(r"\n{3,}")
_LEADING = re.compile(r"^(?:[^\S\n]*\n)+")
_INDENTED = re.compile(r"\n[ \t]+\S")
