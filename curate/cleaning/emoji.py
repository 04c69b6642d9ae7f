"""Emoji, and the emoticons of chat platforms: `[微笑]`, `/:rose`, `#E-s38`."""

import re
from functools import cache
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._protected import outside
from rules.lexicons import lexicon

EMOJI = (
    r"[\U0001f000-\U0001f0ff\U0001f300-\U0001faff\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be"
    r"\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u270a-\u270d\u2728\u2b50\u263a\u2639\u2764\u2665]"
)
"""Not ✅ ❌ ❓ ❗ ➕ ★ ☎ ™ nor key caps: they say something. Flags are two letters each."""
MODIFIERS = r"[\ufe0f\U0001f3fb-\U0001f3ff]*"
"""Colours of skin, and what makes a sign a picture."""
FLAG = r"[\U0001f1e6-\U0001f1ff]{2}"
WHOLE = rf"(?:{EMOJI}{MODIFIERS}(?:\u200d{EMOJI[:-1]}♀♂]{MODIFIERS})*|{FLAG})"
"""One emoji as it is shown, which may be several joined ones."""
UNNAMED = ("表情", "emoji")


class EmojiPolicy(CleaningStep):
    """Kept unless the recipe says `emoji: remove`, or `emoji: name` for `[微笑]` and, in other languages, `[smile]`."""

    title_zh: ClassVar[str] = "表情处理"
    order: ClassVar[int] = 55

    def screen(self) -> str | None:
        return None if self.options.emoji == "keep" else rf"{EMOJI}|{FLAG}|\[\p{{Han}}{{1,3}}\]|/:|#E-"

    def fix(self, text: str, lang: str = "zh") -> str:
        if self.options.emoji == "remove":
            rest = outside(text, lambda segment: _any().sub("", segment))
            return text if rest == text else rest.strip()
        return outside(text, lambda segment: _any().sub(lambda match: _named(match[0], lang), segment))


def _named(emoji: str, lang: str) -> str:
    """Name an emoji or an emoticon in brackets; one without a name of its own is named after its first character."""
    zh, en = _names().get(emoji) or _names().get(emoji[0]) or UNNAMED
    return f"[{zh if lang == 'zh' else en}]"


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Read the two names of every emoji, code and bracketed name in the lexicon."""
    names = {}
    for line in lexicon("emoticons"):
        zh, en, emoji, codes = (cell.strip() for cell in line.split("|", 3))
        for spelling in (f"[{zh}]", *emoji, *codes.split()):
            names[spelling] = (zh, en)
    return names


@cache
def _any() -> re.Pattern[str]:
    """Build the pattern of every emoji and emoticon; longer codes first, so that none is cut."""
    spellings = sorted((w for w in _names() if len(w) > 1), key=lambda w: (-len(w), w))
    codes = "|".join(re.escape(w) + ("(?![a-z])" if w[-1].isalpha() else "") for w in spellings)
    return re.compile(rf"{WHOLE}|#E-[a-z]\d{{1,3}}(?!\d)|(?<![A-Za-z0-9/:])(?:{codes})")
