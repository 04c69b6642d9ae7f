"""Text that was decoded with the wrong encoding: `â€™` for an apostrophe, `ä½ å¥½` for 你好."""

from typing import ClassVar

import ftfy

from curate.cleaning import CleaningStep


class Mojibake(CleaningStep):
    """Repairs the encoding alone; ftfy's other fixes change more than that and stay off."""

    title_zh: ClassVar[str] = "乱码还原"
    order: ClassVar[int] = 10

    def screen(self) -> str | None:
        return r"[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2020-\u2022\u2030\u2122]"

    def fix(self, text: str, lang: str = "zh") -> str:
        return ftfy.fix_encoding(text)
