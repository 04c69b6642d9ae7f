"""Characters that nobody sees: control codes, zero-width spaces, direction marks, soft hyphens."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep

UNSEEN = (
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
BREAKS = r"\r\n?|[\u0085\u2028\u2029]"


class Control(CleaningStep):
    """Line breaks of all kinds become one line feed. The joiners that hold emoji and scripts together stay."""

    title_zh: ClassVar[str] = "去除控制字符和零宽字符"
    order: ClassVar[int] = 30

    def screen(self) -> str | None:
        return f"{UNSEEN}|{BREAKS}"

    def fix(self, text: str, lang: str = "zh") -> str:
        return _UNSEEN.sub("", _BREAKS.sub("\n", text))


_UNSEEN = re.compile(UNSEEN)
_BREAKS = re.compile(BREAKS)
