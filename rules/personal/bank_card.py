"""Bank card numbers."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class BankCard(PersonalData):
    """Thirteen to nineteen digits of a card scheme (UnionPay, Visa, Mastercard, Amex, JCB) that pass Luhn's check."""

    label_zh: ClassVar[str] = "银行卡号"
    label_en: ClassVar[str] = "CARD"
    title_zh: ClassVar[str] = "银行卡号"
    priority: ClassVar[int] = 20
    screen: ClassVar[str] = r"[2-6２-６](?:[ \-]?[0-9０-９]){11}"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\dA-Za-z.])(?:62(?:[ -]?\d){14,17}|4(?:[ -]?\d){12}(?:(?:[ -]?\d){3})?|5[1-5](?:[ -]?\d){14}"
        r"|2[2-7](?:[ -]?\d){14}|3[47](?:[ -]?\d){13}|35(?:[ -]?\d){14}|6(?:011|5\d\d)(?:[ -]?\d){12}"
        r"|60(?:[ -]?\d){14}|3[068](?:[ -]?\d){12})(?![\d]|\.\d)"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("卡号6222021234567890128", "6222021234567890128"),
            ("银行卡6222 0212 3456 7890 128请查收", "6222 0212 3456 7890 128"),
            ("my card is 4111 1111 1111 1111.", "4111 1111 1111 1111"),
            ("4111-1111-1111-1111", "4111-1111-1111-1111"),
        ),
        spares=("6222021234567890123", "4111 1111 1111 1112", "1234567890123456", "金额4111.1111", "20231124123456789"),
    )

    @classmethod
    def is_valid(cls, found: str, before: str) -> bool:
        digits = [int(character) for character in found if character.isdigit()]
        doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
        return (sum(digits[::-2]) + doubled) % 10 == 0
