"""Social security numbers of the United States."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after, matches

PATTERN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
CONTEXT = re.compile(
    r"(?<![A-Za-z])(?:ssn|social security)(?: ?(?:numbers?|no\.?|#))?(?:[\s:#=(]|is(?![a-z])){0,5}", re.IGNORECASE
)
TOKEN = re.compile(r"(?!000|666|9\d\d)\d{3}[- ]?(?!00)\d{2}[- ]?(?!0000)\d{4}(?!\d)")


class Ssn(PersonalData):
    """Three, two and four digits with dashes, without the blocks that are never issued; after `SSN` also without."""

    label_zh = "社保号"
    label_en = "SSN"
    title_zh = "美国社会保障号"
    priority = 28
    is_rare = True
    screen = r"[0-9]{3}-[0-9]{2}-[0-9]{4}|(?i-u:ssn|social security)"
    examples = PersonalExamples(
        finds=(
            ("it is 219-09-9999", "219-09-9999"),
            ("社保号219-09-9999。", "219-09-9999"),
            ("my SSN is 219099999", "219099999"),
        ),
        spares=("000-12-3456", "666-12-3456", "2020-01-1234", "219-09-99990", "SSN is 000123456", "219099999"),
    )

    def spans(self, text: str) -> list[Span]:
        return matches(PATTERN, text) + after(CONTEXT, TOKEN, text)
