"""Punctuation that goes on and on: `。。。。。。`, `!!!!!!!`, `~~~~~`."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._protected import outside

MARKS = "。，！？、~～!?…"


class Repeats(CleaningStep):
    """More than three of a kind become three. Dots, dashes and stars are left: they may be code or a mask."""

    title_zh: ClassVar[str] = "重复标点压缩"
    order: ClassVar[int] = 50

    def screen(self) -> str | None:
        return "|".join(f"[{mark}]{{4}}" for mark in MARKS)

    def fix(self, text: str, lang: str = "zh") -> str:
        return outside(text, lambda segment: _RUN.sub(r"\1\1\1", segment))


_RUN = re.compile(f"([{MARKS}])\\1{{3,}}")
