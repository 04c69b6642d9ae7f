"""North American and international telephone numbers."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class UsPhone(PersonalData):
    """Ten digits with separators, or an international number after a plus. Toll-free numbers belong to companies."""

    label_zh: ClassVar[str] = "电话"
    label_en: ClassVar[str] = "PHONE"
    title_zh: ClassVar[str] = "北美及国际电话"
    priority: ClassVar[int] = 46
    screen: ClassVar[str] = r"[0-9]{3}\)?[-. ][0-9]{3}|\+[0-9]"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\dA-Za-z.\-+(])(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}(?![\d]|[-.]\d)"
        r"|(?<![\dA-Za-z])\+(?!86)\d{1,3}[- ]?\(?\d{1,4}\)?(?:[- ]?\d{2,4}){2,4}(?![\d]|\.\d)"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("call me at 415-555-0132 please", "415-555-0132"),
            ("(212) 555-0147", "(212) 555-0147"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
        ),
        spares=("1-800-555-0199", "888-555-0123", "2020-10-12", "100-200-3000", "model 415-555", "$415.555.0132"),
    )

    @classmethod
    def is_valid(cls, found: str, before: str) -> bool:
        digits = re.sub(r"\D", "", found)
        area = digits[1:4] if len(digits) == 11 and digits.startswith("1") else digits[:3]
        return area not in ("400", "800", "833", "844", "855", "866", "877", "888") and not before.endswith("$")
