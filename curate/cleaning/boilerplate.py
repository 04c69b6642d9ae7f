"""Sentences of platforms and robots: greetings, queue notices, requests to rate the service."""

import re
from functools import cached_property
from typing import ClassVar

from curate.cleaning import CleaningStep
from rules.lexicons import lexicon
from schemas.record import Kind

BREAK = re.compile(r"([。！？!?~～…\n]+[ ]*|\.+(?=\s|$)[ ]*|(?<=[^\x00-\x7f]) +)")
"""What ends a sentence. A space does so after a Han character: chat logs write line breaks as spaces."""
GREETING = re.compile(r"^(?:(?:您好|你好|亲爱的|亲亲|亲|hello|hi)[，,、 ]*)+")
PARTICLES = "呢哦哈啊呀哒的 ，,"
MASK = re.compile(r"\\\[[^\[\]\\]{1,16}\\\]")
"""A mask in an escaped phrase, such as a line that `inspect` proposes: it stands for any number, name or mask."""
FOLDED = "[\u017f\u212a]"
"""A long s and the sign of Kelvin, which are an s and a k to whoever folds case; folding ASCII alone is quicker."""
ANYTHING = r"(?:\[[^\[\]\n]{1,24}\]|[^\s，,。！？!?\[\]]{1,24})"


class Boilerplate(CleaningStep):
    """Removed only where they stand as a whole sentence; `感谢您的支持，退款已到账` stays whole.

    A phrase of the recipe may also be a line of several sentences, and hold `[数字]` for a number, `[姓名]` for a name.
    """

    title_zh: ClassVar[str] = "去除平台套话和自动回复"
    order: ClassVar[int] = 80
    kinds: ClassVar[tuple[Kind, ...]] = ("domain",)

    def screen(self) -> str | None:
        longest = {max(MASK.split(re.escape(p)), key=lambda part: (len(part), part)) for p in self._listed}
        plain = sorted(part for part in longest if part.isascii())
        return f"(?i-u:{'|'.join(plain)})|(?i:{'|'.join(sorted(longest.difference(plain)))})|{FOLDED}"

    def fix(self, text: str, lang: str = "zh") -> str:
        if self._lines is not None:
            lines = "\n".join(line for line in text.split("\n") if not self._lines.fullmatch(line.strip()))
            text = lines.strip() if lines != text else text

        # Sentences and what ends them, by turns; where a sentence goes that ended a line, the line still ends.
        parts = BREAK.split(text)
        rest: list[str] = []
        for sentence, end in zip(parts[::2], [*parts[1::2], ""], strict=True):
            if not self._is_boilerplate(sentence):
                rest += (sentence, end)
            elif "\n" in end and rest:
                rest.append("\n")
        return "".join(rest).strip() if len(rest) < len(parts) else text

    def _is_boilerplate(self, sentence: str) -> bool:
        phrase = sentence.strip().casefold()
        return bool(phrase) and any(
            form in self._phrases or (self._lines is not None and self._lines.fullmatch(form) is not None)
            for form in (phrase, phrase.rstrip(PARTICLES), GREETING.sub("", phrase).rstrip(PARTICLES))
        )

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        return (
            *lexicon("boilerplate"),
            *lexicon("auto_replies"),
            *(p.strip() for p in self.options.boilerplate if p.strip()),
        )

    @cached_property
    def _phrases(self) -> frozenset[str]:
        return frozenset(
            form for phrase in self._listed for form in (phrase.casefold(), phrase.casefold().rstrip(PARTICLES)) if form
        )

    @cached_property
    def _lines(self) -> re.Pattern[str] | None:
        """The phrases of the recipe, each as a whole line with any mark at its end."""
        phrases = [p.strip().rstrip("。！!.~～ ") for p in self.options.boilerplate]
        patterns = [MASK.sub(lambda _: ANYTHING, re.escape(phrase)) for phrase in phrases if phrase]
        return re.compile(f"(?i)(?:{'|'.join(patterns)})[。！!.~～… ]*") if patterns else None
