"""Full-width letters and digits, `ＡＢＣ１２３`, become plain ones; Chinese punctuation keeps its width."""

from typing import ClassVar

from curate.cleaning import CleaningStep

PLAIN = {ord(c): chr(ord(c) - 0xFEE0) for c in map(chr, range(0xFF01, 0xFF5F)) if chr(ord(c) - 0xFEE0).isalnum()}
"""Letters and digits only: ，！？（） stay as they are."""


class Width(CleaningStep):
    """One character for one: nothing is lost, no length changes."""

    title_zh: ClassVar[str] = "全角字母数字转半角"
    order: ClassVar[int] = 40

    def screen(self) -> str | None:
        return r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"

    def fix(self, text: str, lang: str = "zh") -> str:
        return text.translate(PLAIN)
