"""Telephone numbers of North America and of the rest of the world."""

import re

from rules.personal import (
    PersonalData,
    PersonalExamples,
    Span,
    after,
    is_date,
    matches,
    names_goods,
    without_separators,
)

EXTENSION = r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?"
PATTERN = re.compile(
    r"(?=[\d(+])(?:(?<![\d.\-+$#/])(?:(?:\+|00)?1[-. ]?)?"
    r"(?:\(\d{3}\)\s?\d{3}|(?<!\()[2-9]\d{2}[-. ][2-9]\d{2})[-. ]\d{4}"
    + EXTENSION + r"(?!\d|[-.]\d)"
    r"|(?<![\dA-Za-z+])\+(?!86\s?-?1[3-9])[1-9](?:[-. ()]{0,2}\d){7,14}" + EXTENSION + r"(?!\d|\.\d)"
    r"|(?<![\d.\-+$#/])001-\d{3}-\d{3}-\d{4}" + EXTENSION + r"(?!\d|-\d))"
)  # fmt: skip
GROUPS = r"(?:\+|\()?\d{1,5}\)?(?:[-. ]\d{2,8}){1,4}" + EXTENSION
LOOSE = re.compile(GROUPS + r"(?![\dA-Za-z%$]|[-./:]\d)|\d{7,13}(?![\dA-Za-z%]|[-./:,]\d)")
LABELS = "office|fax|mobile|cell|home|work|direct|phone|tel"
"""Words that name a number behind it: `078 6657 2626 office`."""
SIGNED = re.compile(
    rf"(?=[\d(+])(?<![\d.$#/-])(?P<it>{GROUPS}|\d{{7,13}})"
    rf"(?=[- ]{{0,2}}(?:{LABELS})(?![A-Za-z]))",
    re.IGNORECASE,
)
CALLED = re.compile(
    r"(?=[carp])(?<![A-Za-z])(?:call(?:ed|ing)?|answering|phoned|rang)"
    r"(?: (?:at|on|to)(?![a-z]))?\s(?=[\d(+.-]*[\d)][-. ]\d)",
    re.I,
)
LINK = r"(?:[\s:#=(\"']|(?:is|was|at|on|to|by|from|under|number|now|back)(?![a-z])){0,8}"
CONTEXT = re.compile(
    r"(?=[cdfmprtw])(?<![A-Za-z])(?:(?:(?:tele)?phone|tel|cell(?:phone)?|mobile|fax|whatsapp|contact)"
    r"(?: ?(?:numbers?|no\.?|num|#))?"
    r"|(?:call|text|ring|reach|dial|ping|contact)(?: (?:me|us|him|her|them|at|on|back)(?![a-z]))+|dial)" + LINK,
    re.IGNORECASE,
)
NUMBER_IS = re.compile(
    r"(?=[fhmnot])(?<![A-Za-z])(?:my|his|her|their|our|new|following) "
    r"(?:(?:new|phone|cell|mobile|contact|home|work|office) ){0,2}"
    r"(?:numbers?|num|#)" + LINK,
    re.IGNORECASE,
)
TEN = re.compile(r"(?=[nof])(?<![A-Za-z])(?:number(?: is)?|on|from) (?P<it>[6-9]\d{9})(?!\d|\.\d)", re.IGNORECASE)
DIALLED = (
    "|".join(rf"[0-9]{{{before}}}\)?[-. ](?:[-. ()]*[0-9]){{{6 - before}}}" for before in range(1, 6))
    + "|[0-9]{7,13}(?:[^0-9]|$)"
)
"""Six digits in groups, or seven and more without a separator."""
TOLL_FREE = re.compile(
    r"(?:\+?1[-. ]?)?\(?(?:400|8(?:00|33|44|55|66|77|88)|900)\)?[-. ]?\d{3}[-. ]?\d{4}(?!\d)"
    r"|\(?0(?:80[08]|3(?:00|30|33|4[345])|84[345]|87[01])|1[38]00[- ]\d{3}[- ]\d{3}(?!\d)"
)
"""Numbers of companies: North America, Britain (0800, 0345), Australia (1300)."""


class Phone(PersonalData):
    """Ten digits as North America writes them, a number after a plus, or what stands after a word for a telephone.

    Toll-free numbers belong to companies and are spared.
    """

    label_zh = "电话"
    label_en = "PHONE"
    title_zh = "北美及国际电话；免费热线（800、888 等）不算"
    priority = 46
    screen = (
        r"[0-9]{3}\)?[-. ]?[\s\x1c-\x1f]?[0-9]{3}[-. ][0-9]{4}|\+[1-9]"
        r"|(?i-u:phone|tel|cell|mobile|fax|contact|whatsapp|call|answering|text|ring|rang|from|on|reach|dial|ping|num|#)"
        rf"[A-Za-zıİ\s\x1c-\x1f.:#=(\"'+-]*(?:{DIALLED})"
        rf"|[0-9](?:[-. ()]*[0-9]){{5}}[- ]{{0,2}}(?i-u:{LABELS})"
    )
    asks = r"(?i)phone number|contact number|number to (?:call|reach)|(?:call|reach) you|your number|mobile number"
    answer = re.compile(
        r"(?<![\d.$#/A-Za-z])(?!(?:19|20)\d\d[-. ]?\d\d?[-. ]?\d\d?(?!\d))"
        r"(?P<it>\+?\(?\d(?:[-. ()]{0,2}\d){6,13})(?!\d|[.:/]\d|[A-Za-z%])"
    )
    examples = PersonalExamples(
        finds=(
            ("reach me at 415-555-0132 please", "415-555-0132"),
            ("(212) 555-0147", "(212) 555-0147"),
            ("it is 212.555.0147x33", "212.555.0147x33"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
            ("so +1-415-555-0132 it is", "+1-415-555-0132"),
            ("my phone number is 4155550132.", "4155550132"),
            ("call me at 0475 2398 932", "0475 2398 932"),
            ("Tel: 555 0147", "555 0147"),
            ("the number 9876543210 is dead", "9876543210"),
            ("nobody is answering at 785 8949", "785 8949"),
            ("078 6657 2626 office", "078 6657 2626"),
            ("0786657262phone", "0786657262"),
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
            "called 3 times in 2 days",
            "12 34 home runs",
            "call us on 0345 810 1010",
            "0800 123 4567 phone",
            "SKU 415-555-0132",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        shaped = [(start, end) for start, end in matches(PATTERN, text) if not names_goods(text, start)]
        leads = (CONTEXT, NUMBER_IS, CALLED)
        named = (
            [span for lead in leads for span in after(lead, LOOSE, text)] + matches(SIGNED, text) + matches(TEN, text)
        )
        plausible = [(start, end) for start, end in named if _may_be_dialled(text[start:end])]
        return [(start, end) for start, end in shaped + plausible if not TOLL_FREE.match(text, start)]

    def canonical(self, value: str) -> str:
        digits = re.sub(r"\D", "", without_separators(value).partition("x")[0])
        return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _may_be_dialled(number: str) -> bool:
    """Tell whether there are six digits or more (seven without a separator) and no date."""
    digits = len(re.findall(r"\d", number))
    return 6 <= digits <= 19 and not is_date(number)
