"""Runs of spaces and empty lines."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep


class Spaces(CleaningStep):
    """Any space becomes a plain one, a run of them one, three line feeds two. Indentation of lines stays."""

    title_zh: ClassVar[str] = "空白规范化"
    order: ClassVar[int] = 90

    def screen(self) -> str | None:
        return r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]|[^\s][ \t]{2,}|\n{3,}|[ \t]\n|^\s|\s$"

    def fix(self, text: str, lang: str = "zh") -> str:
        text = _ODD.sub(" ", text)
        text = _RUN.sub(" ", text)
        text = _TRAILING.sub("\n", text)
        return _EMPTY.sub("\n\n", text).strip()


_ODD = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_RUN = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_TRAILING = re.compile(r"[ \t]+\n")
_EMPTY = re.compile(r"\n{3,}")
