"""Chinese identity card numbers."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


class IdCard(PersonalData):
    """Eighteen places with a plausible date of birth and the check digit of GB 11643 (ISO 7064, mod 11-2)."""

    label_zh: ClassVar[str] = "身份证号"
    label_en: ClassVar[str] = "ID_CARD"
    title_zh: ClassVar[str] = "居民身份证号码"
    priority: ClassVar[int] = 10
    screen: ClassVar[str] = r"[12１２][089０８９][0-9０-９]{2}[01０１][0-9０-９]"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?![\dA-Za-z])"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("身份证11010519491231002X", "11010519491231002X"),
            ("身份证110105194912310021号是错的，11010519491231002x才对", "11010519491231002x"),
            ("号码：110105 19491231 002X", "110105 19491231 002X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５１９４９１２３１００２Ｘ"),
        ),
        spares=("110105194912310021", "110105194913310020", "订单号是202311241234567890", "11010519491231002"),
    )

    @classmethod
    def is_valid(cls, found: str, before: str) -> bool:
        digits = re.sub(r"[ -]", "", found).upper()
        total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
        return CHECKS[total % 11] == digits[17]
