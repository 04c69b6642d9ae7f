"""Chinese identity card numbers."""

import re
from datetime import date

from rules.personal import PersonalData, PersonalExamples, Span, after, matches

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
PATTERN = re.compile(r"(?=[1-9])(?<!\d)[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![\dA-Za-z])")
CONTEXT = re.compile(
    r"(?=[身证i])(?:身份证|身分证|证件|(?<![A-Za-z])id ?card)(?:号码?|编号| ?(?:number|no\.?))?(?:[\s:=(是为]|is){0,5}",
    re.IGNORECASE,
)
TOKEN = re.compile(r"[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![\dA-Za-z])|[1-9]\d{14}(?!\d)")


class IdCard(PersonalData):
    """Eighteen places with a real date of birth and the check digit of GB 11643 (ISO 7064, mod 11-2).

    After 身份证 also the old form of fifteen digits, and eighteen with a wrong check digit: a slip of the pen.
    """

    label_zh = "身份证号"
    label_en = "ID_CARD"
    title_zh = "居民身份证号码：十八位，出生日期与校验码（GB 11643）都成立；有“身份证”字样时含十五位旧号"
    priority = 10
    screen = (
        r"[1-9](?:[ -]?[0-9]){5}[ -]?(?:1[ -]?[89]|2[ -]?0)(?:[ -]?[0-9]){2}[ -]?[01][ -]?[0-9]"
        r"[ -]?[0-3](?:[ -]?[0-9]){4}[ -]?[0-9Xx]|[1-9][0-9]{7}[01][0-9][0-3][0-9]{4}"
    )
    examples = PersonalExamples(
        finds=(
            ("号码11010519491231002X", "11010519491231002X"),
            ("是11010519491231002x才对", "11010519491231002x"),
            ("号码：110105 19491231 002X", "110105 19491231 002X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５１９４９１２３１００２Ｘ"),
            ("身份证110105194912310021号", "110105194912310021"),
            ("身份证号码是110105491231002", "110105491231002"),
        ),
        spares=(
            "110105194912310021",
            "110105194913310020",
            "订单号是202311241234567890",
            "11010519491231002",
            "110105491231002",
            "身份证正反面照片",
            "身份证后四位0021",
            "00010519491231002X",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        numbers = [(span, _number(text, span)) for span in matches(PATTERN, text)]
        checked = [span for span, number in numbers if _is_card(number) and _adds_up(number)]
        return checked + [span for span in after(CONTEXT, TOKEN, text) if _is_card(_number(text, span))]


def _number(text: str, span: Span) -> str:
    return text[slice(*span)].replace(" ", "").replace("-", "").upper()


def _is_card(number: str) -> bool:
    """Tell whether province and date of birth are plausible."""
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        year = date(int(born[:4]), int(born[4:6]), int(born[6:])).year
    except ValueError:
        return False
    return PROVINCES.match(number) is not None and 1890 <= year <= 2099


def _adds_up(number: str) -> bool:
    """Check the last character: the sum of the digits by weight, modulo 11 (GB 11643, ISO 7064 mod 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:17], strict=True))
    return CHECKS[total % 11] == number[17]
