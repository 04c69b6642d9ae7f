"""Emoji, and the emoticons of chat platforms: `[微笑]`, `/:rose`, `#E-s38`."""

import re
from functools import cache
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._protected import outside
from rules.lexicons import words

EMOJI = (
    r"[\U0001f000-\U0001f0ff\U0001f300-\U0001faff\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be"
    r"\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u270a-\u270d\u2728\u2b50\u263a\u2639\u2764\u2665]"
)
"""Not ✅ ❌ ❓ ❗ ➕ ★ ☎ ™ nor key caps: they say something. Flags are two letters each."""
PIECES = rf"(?:{EMOJI}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{EMOJI[:-1]}♀♂][\ufe0f\U0001f3fb-\U0001f3ff]*)*"
ONE = PIECES + r"|[\U0001f1e6-\U0001f1ff]{2})"
UNNAMED = {"zh": "表情", "en": "emoji"}


class EmojiPolicy(CleaningStep):
    """Kept unless the recipe says `emoji: remove`, or `emoji: name` for `[微笑]` and, in other languages, `[smile]`."""

    title_zh: ClassVar[str] = "表情处理"
    order: ClassVar[int] = 55

    def screen(self) -> str | None:
        flags = r"[\U0001f1e6-\U0001f1ff]{2}"
        return None if self.options.emoji == "keep" else rf"{EMOJI}|{flags}|\[\p{{Han}}{{1,3}}\]|/:|#E-"

    def fix(self, text: str, lang: str = "zh") -> str:
        if self.options.emoji == "remove":
            left = outside(text, lambda piece: _any().sub("", piece))
            return text if left == text else left.strip()
        return outside(text, lambda piece: _any().sub(lambda match: _named(match[0], lang), piece))


def _named(found: str, lang: str) -> str:
    names = _names().get(found) or _names().get(found[0])
    place = 0 if lang == "zh" else 1
    return f"[{names[place] if names else UNNAMED['zh' if lang == 'zh' else 'en']}]"


@cache
def _names() -> dict[str, tuple[str, str]]:
    """The two names of every emoji, code and bracketed name that the word list has."""
    found = {}
    for line in words("emoticons"):
        zh, en, emoji, codes = (part.strip() for part in line.split("|", 3))
        for written in (f"[{zh}]", *emoji, *codes.split()):
            found[written] = (zh, en)
    return found


@cache
def _any() -> re.Pattern[str]:
    written = sorted((w for w in _names() if len(w) > 1), key=lambda w: (-len(w), w))
    codes = "|".join(re.escape(w) + ("(?![a-z])" if w[-1].isalpha() else "") for w in written)
    return re.compile(rf"{ONE}|#E-[a-z]\d{{1,3}}(?!\d)|(?<![A-Za-z0-9/:])(?:{codes})")
