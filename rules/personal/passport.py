"""Numbers of passports and travel permits, by the word in front of them."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after

DOCUMENTS = "护照|通行证|台胞证|回乡证|军官证"
CONTEXT = re.compile(
    rf"(?:{DOCUMENTS}|(?<![A-Za-z])passport)"
    r"(?:号码?|编号| ?(?:numbers?|no\.?|#))?(?:[\s:#=(是为]|is(?![a-z])){0,5}",
    re.IGNORECASE,
)
TOKEN = re.compile(r"(?:[A-Za-z]{1,2}\d{7,8}|[A-Za-z]\d{10}|\d{8,9})(?![\dA-Za-z])(?!\s?[元块])")


class Passport(PersonalData):
    """One or two letters and seven to ten digits, or nine digits, after 护照, 通行证 or passport."""

    label_zh = "护照号"
    label_en = "PASSPORT"
    title_zh = "护照、通行证号码：相应字样之后的号码"
    priority = 24
    is_rare = True
    screen = rf"{DOCUMENTS}|(?i-u:passport)"
    asks = r"(?i)护照|通行证|passport"
    answer = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{7,8}(?![A-Za-z0-9])")
    examples = PersonalExamples(
        finds=(
            ("护照号E12345678", "E12345678"),
            ("passport number is EA1234567", "EA1234567"),
            ("港澳通行证：C12345678", "C12345678"),
        ),
        spares=("护照办理需要7天", "passport photo", "型号E12345678", "passport 2024 edition"),
    )

    def spans(self, text: str) -> list[Span]:
        return after(CONTEXT, TOKEN, text)
