"""Full-width letters and digits, `ＡＢＣ１２３`, become plain ones; punctuation is a step of its own."""

import re
import unicodedata
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._protected import outside

RADICALS = dict(
    zip("⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳", "母民西见角贝车长门青页风飞食马鱼鸟麦黄齐齿龙龟", strict=True)
)
"""What PDF exports write for common characters and NFKC does not know."""
FORMS = (
    r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"  # full-width digits and letters
    r"\u2f00-\u2fd5\uf900-\ufad9\U0002f800-\U0002fa1d"  # radicals and doubles that look like Han characters
    f"{''.join(RADICALS)}"
    r"\ufb00-\ufb06\U0001d400-\U0001d7ff]+"  # ligatures, letters in the dress of mathematics
    r"|[\uff66-\uff9f]{2,}|[\uffa0-\uffdc]{2,}"  # half-width kana and Hangul; a single one is a hand or a mouth
)
"""Letters and digits with another form. Not ², ①, ㎡, ℃ and Ⅱ: those say something that 2, 1, m2, °C and II do not."""


class Width(CleaningStep):
    """NFKC for letters and digits alone; ，！？（） ² ① ㎡ ℃ stay, and so do programs and addresses."""

    title_zh: ClassVar[str] = "全角字母数字转半角（NFKC）"
    order: ClassVar[int] = 40

    def screen(self) -> str | None:
        return FORMS

    def fix(self, text: str, lang: str = "zh") -> str:
        return outside(text, lambda segment: _RUN.sub(_plain, segment.translate(_WIDE)))


def _plain(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0]).translate(_TABLE)


_WIDE = {code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}
"""The most frequent ones by themselves: a call for each costs more."""
_TABLE = str.maketrans(RADICALS)
_RUN = re.compile(FORMS)
