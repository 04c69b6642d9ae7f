"""Social security numbers of the United States."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Ssn(PersonalData):
    """Three, two and four digits with dashes, without the blocks that are never issued."""

    label_zh: ClassVar[str] = "社保号"
    label_en: ClassVar[str] = "SSN"
    title_zh: ClassVar[str] = "美国社会保障号"
    priority: ClassVar[int] = 28
    screen: ClassVar[str] = r"[0-9]{3}-[0-9]{2}-[0-9]{4}"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(("my SSN is 219-09-9999", "219-09-9999"), ("社保号219-09-9999。", "219-09-9999")),
        spares=("000-12-3456", "666-12-3456", "2020-01-1234", "219-09-99990"),
    )
