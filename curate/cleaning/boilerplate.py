"""Sentences of platforms and robots: greetings, queue notices, requests to rate the service."""

import re
from functools import cached_property
from typing import ClassVar

from curate.cleaning import CleaningStep
from rules.lexicons import words

BREAK = re.compile(r"([。！？!?~～…\n]+[ ]*|\.+(?=\s|$)[ ]*|(?<=[^\x00-\x7f]) +)")
"""What ends a sentence. A space does so after a Han character: chat logs write line breaks as spaces."""
GREETING = re.compile(r"^(?:(?:您好|你好|亲爱的|亲亲|亲|hello|hi)[，,、 ]*)+")
PARTICLES = "呢哦哈啊呀哒的 ，,"


class Boilerplate(CleaningStep):
    """Removed only where they stand as a whole sentence; `感谢您的支持，退款已到账` stays whole."""

    title_zh: ClassVar[str] = "去除平台套话和自动回复"
    order: ClassVar[int] = 80

    def screen(self) -> str | None:
        return "(?i)" + "|".join(re.escape(phrase) for phrase in sorted(self._phrases))

    def fix(self, text: str, lang: str = "zh") -> str:
        pieces = BREAK.split(text)
        kept: list[str] = []
        for sentence, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            if not self._is_boilerplate(sentence):
                kept += (sentence, end)
            elif "\n" in end and kept:
                kept.append("\n")
        return "".join(kept).strip() if len(kept) < len(pieces) else text

    def _is_boilerplate(self, sentence: str) -> bool:
        said = sentence.strip().casefold()
        return bool(said) and any(
            form in self._phrases for form in (said, said.rstrip(PARTICLES), GREETING.sub("", said).rstrip(PARTICLES))
        )

    @cached_property
    def _phrases(self) -> frozenset[str]:
        listed = (*words("boilerplate"), *words("auto_replies"), *self.options.boilerplate)
        return frozenset(form for phrase in listed for form in (phrase.casefold(), phrase.casefold().rstrip(PARTICLES)))
