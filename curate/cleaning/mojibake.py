"""Text that was decoded with the wrong encoding: `â€™` for an apostrophe, `ä½ å¥½` for 你好."""

from typing import ClassVar

import ftfy

from curate.cleaning import CleaningStep

SOUND = (
    r"\x00-\x7f\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u200b-\u200d\u2060\u2190-\u21ff\u2460-\u24ff\u2600-\u27bf"
    r"\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ufe0e\ufe0f\ufeff\uff00-\uffef\U0001f000-\U0001faff"
)
"""Characters that mojibake cannot be made of alone: it takes letters and signs that Latin and Cyrillic pages have."""


class Mojibake(CleaningStep):
    """Repairs the encoding alone; ftfy's other fixes change more than that and stay off."""

    title_zh: ClassVar[str] = "乱码还原"
    order: ClassVar[int] = 10

    def screen(self) -> str | None:
        return f"[^{SOUND}]"

    def fix(self, text: str, lang: str = "zh") -> str:
        return ftfy.fix_encoding(text)
