"""Chinese mobile numbers."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, matches, names_goods, without_separators

COUNTRY = r"(?:\(?(?:\+|00)?86\)?[- ]?)?"
PATTERN = re.compile(
    rf"(?=[\d(+])(?<!\d){COUNTRY}0?(?:"
    r"1[3-9]\d[-. ]?\d{4}[-. ]?\d{4}"
    r"|1[3-9]\d[-. ]\d{5}[-. ]\d{3}|1[3-9]\d\d[-. ]\d{4}[-. ]\d{3}|1[3-9]\d{3}[-. ]\d{6}"
    r"|1[-. ]{1,2}[3-9](?:[-. ]{1,2}\d){9}"
    r")(?:(?:转|-)\d{1,6})?(?!\d|\.\d)"
)
LETTERS = re.compile(r"[A-Z]+$")
CALLS = ("TEL", "PHONE", "MOBILE", "MOB", "CALL", "VX", "WX", "QQ", "V", "WECHAT", "WHATSAPP", "T", "M", "DH", "SJ")
FRACTION = re.compile(r"\d\.$")
ITEM = re.compile(r"(?:\A|[\n,;:!?。、)])\s{0,4}[1-9]\d?\.$")
"""The number of an item in a list: `1.13812345678`."""


class Mobile(PersonalData):
    """Eleven digits from 13 to 19, with or without +86, spaces, dashes and an extension."""

    label_zh = "手机号"
    label_en = "PHONE"
    title_zh = "手机号码：13 至 19 开头的十一位，可带 +86、空格、横线和分机"
    priority = 40
    screen = r"(?:^|[^0-9])(?:(?:00)?86\)?[- ]?)?0?1[-. ]{0,2}[3-9](?:[-. ]{0,2}[0-9]){9}(?:[^0-9]|$)"
    examples = PersonalExamples(
        finds=(
            ("手机号13812345678", "13812345678"),
            ("加微信13812345678哦", "13812345678"),
            ("电话：138 1234 5678。", "138 1234 5678"),
            ("+86 138-1234-5678", "+86 138-1234-5678"),
            ("(+86)13812345678", "(+86)13812345678"),
            ("１３８１２３４５６７８", "１３８１２３４５６７８"),
            ("１３８ 1234－5678", "１３８ 1234－5678"),
            ("18600001111收到请回", "18600001111"),
            ("TEL13812345678", "13812345678"),
            ("拨打013812345678", "013812345678"),
            ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 1 2 3 4 5 6 7 8"),
            ("1.13812345678\n2.张先生", "13812345678"),
            ("138 12345 678", "138 12345 678"),
            ("①13812345678", "13812345678"),
            ("138\u200b1234\u200b5678", "138\u200b1234\u200b5678"),
            ("号码13812345678转4321", "13812345678转4321"),
        ),
        spares=(
            "订单20231381234567890123",
            "价格13812.5元",
            "12812345678",
            "1381234567",
            "138123456789",
            "客服热线95588",
            "型号A1381234567812",
            "138****5678",
            "商品编号：13812345678",
            "https://item.example.com/13812345678.html",
            "概率0.13812345678",
            "3.14159265358",
            "SKU13812345678",
            "5f13812345678e2c50c7a0d1b2c3d4e5",
            "1700000000",
            "[手机号1]",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        return [(start, end) for start, end in matches(PATTERN, text) if _is_number(text, start)]

    def canonical(self, value: str) -> str:
        digits = re.sub(r"\D", "", without_separators(value).partition("转")[0])
        return digits[2:] if len(digits) > 12 and digits.startswith("86") else digits.lstrip("0")


def _is_number(text: str, start: int) -> bool:
    """Tell a number from that of a product, the digits after a decimal point, and the tail of a model in capitals."""
    before = text[max(0, start - 24) : start]
    letters = LETTERS.search(before)
    is_model = letters is not None and letters[0] not in CALLS
    is_fraction = FRACTION.search(before) is not None and (
        ITEM.search(before) is None or text.startswith("14159265", start)
    )
    return not (is_model or is_fraction or names_goods(text, start))
