"""HTML entities: `&amp;`, `&#39;`, `&nbsp;`, also where they were escaped more than once."""

import html
import re
from typing import ClassVar

from curate.cleaning import CleaningStep

ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")


class Entities(CleaningStep):
    """Only complete entities with their semicolon; `AT&T` and `a=1&copy=2` stay."""

    title_zh: ClassVar[str] = "HTML 实体还原"
    order: ClassVar[int] = 20

    def screen(self) -> str | None:
        return ENTITY.pattern

    def fix(self, text: str, lang: str = "zh") -> str:
        repaired = ENTITY.sub(lambda match: html.unescape(match[0]), text)
        while repaired != text:  # each round is shorter: it ends
            text, repaired = repaired, ENTITY.sub(lambda match: html.unescape(match[0]), repaired)
        return text
