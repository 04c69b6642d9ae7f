"""Telephone numbers of North America and of the rest of the world."""

import re

from rules.personal import PersonalData, Span, Spans, after, is_date, matches, names_goods, plain

EXTENSION = r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?"
PATTERN = re.compile(
    r"(?<![\d.\-+$#/])(?:(?:\+|00)?1[-. ]?)?(?:\([2-9]\d{2}\)\s?|(?<!\()[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}"
    + EXTENSION + r"(?!\d|[-.]\d)"
    r"|(?<![\dA-Za-z+])\+(?!86\s?-?1[3-9])[1-9](?:[-. ()]{0,2}\d){7,14}" + EXTENSION + r"(?!\d|\.\d)"
    r"|(?<![\d.\-+$#/])001-\d{3}-\d{3}-\d{4}" + EXTENSION + r"(?!\d|-\d)"
)  # fmt: skip
LOOSE = re.compile(
    r"(?:\+|\()?\d{1,5}\)?(?:[-. ]\d{2,7}){1,4}"
    + EXTENSION
    + r"(?![\dA-Za-z%$]|[-./:]\d)|\d{7,13}(?![\dA-Za-z%]|[-./:,]\d)"
)
LINK = r"(?:[\s:#=(\"']|(?:is|was|at|on|to|by|under|number|now|back)(?![a-z])){0,8}"
CONTEXT = re.compile(
    r"(?<![A-Za-z])(?:(?:(?:tele)?phone|tel|cell(?:phone)?|mobile|fax|whatsapp|contact)(?: ?(?:numbers?|no\.?|num|#))?"
    r"|(?:call|text|ring|reach|dial|ping|contact)(?: (?:me|us|him|her|them|at|on|back)(?![a-z]))+|dial)" + LINK,
    re.IGNORECASE,
)
NUMBER_IS = re.compile(
    r"(?<![A-Za-z])(?:my|his|her|their|our|new|following) (?:(?:new|phone|cell|mobile|contact|home|work|office) ){0,2}"
    r"(?:numbers?|num|#)" + LINK,
    re.IGNORECASE,
)
TOLL_FREE = frozenset(("400", "800", "833", "844", "855", "866", "877", "888", "900"))


class Phone(PersonalData):
    """Ten digits as North America writes them, a number after a plus, or what stands after a word for a telephone.

    Toll-free numbers belong to companies and are spared.
    """

    label_zh = "电话"
    label_en = "PHONE"
    title_zh = "北美及国际电话；免费热线（800、888 等）不算"
    priority = 46
    screen = (
        r"[0-9]{3}\)?[-. ]?\s?[0-9]{3}[-. ][0-9]{4}|\+[1-9]"
        r"|(?i:phone|tel|cell|mobile|fax|contact|whatsapp|call|text|ring|reach|dial|ping|num|#)[^0-9]{0,48}"
        r"[0-9](?:[-. ()]{0,3}[0-9]){5}"
    )
    asks = r"(?i)phone number|contact number|number to (?:call|reach)|(?:call|reach) you|your number|mobile number"
    answer = re.compile(
        r"(?<![\d.$#/A-Za-z])(?!(?:19|20)\d{6}(?!\d))(?P<it>\+?\(?\d(?:[-. ()]{0,2}\d){6,13})(?!\d|[.:/]\d|[A-Za-z%])"
    )
    examples = Spans(
        finds=(
            ("reach me at 415-555-0132 please", "415-555-0132"),
            ("(212) 555-0147", "(212) 555-0147"),
            ("it is 212.555.0147x33", "212.555.0147x33"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
            ("so +1-415-555-0132 it is", "+1-415-555-0132"),
            ("my phone number is 4155550132.", "4155550132"),
            ("call me at 0475 2398 932", "0475 2398 932"),
            ("Tel: 555 0147", "555 0147"),
        ),
        spares=(
            "1-800-555-0199",
            "call 888-555-0123",
            "2020-10-12",
            "100-200-3000",
            "model 415-555",
            "$415.555.0132",
            "call me in 10 minutes",
            "phone costs 699 dollars",
            "phone 2020-10-12",
            "iPhone 15 128",
            "call me at 10 30",
            "SKU 415-555-0132",
        ),
    )

    def spans(self, view: str) -> list[Span]:
        shaped = [(start, end) for start, end in matches(PATTERN, view) if not names_goods(view, start)]
        named = [*after(CONTEXT, LOOSE, view), *after(NUMBER_IS, LOOSE, view)]
        plausible = [(start, end) for start, end in named if _may_be_dialled(view[start:end])]
        return [(start, end) for start, end in shaped + plausible if not _is_toll_free(view[start:end])]

    def same(self, value: str) -> str:
        digits = re.sub(r"\D", "", plain(value).partition("x")[0])
        return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _may_be_dialled(found: str) -> bool:
    """Six digits or more (seven without a separator) that are no date."""
    digits = len(re.findall(r"\d", found))
    return 6 <= digits <= 19 and not is_date(found)


def _is_toll_free(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    if digits.startswith(("0800", "0808", "1800", "1300")):
        return True
    return len(digits) in (10, 11) and digits.removeprefix("1")[:3] in TOLL_FREE
