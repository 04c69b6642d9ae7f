"""Chinese landline numbers."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Landline(PersonalData):
    """Area code and seven or eight digits, with or without an extension. Service numbers (400, 95xxx) are spared."""

    label_zh: ClassVar[str] = "座机号"
    label_en: ClassVar[str] = "PHONE"
    title_zh: ClassVar[str] = "固定电话"
    priority: ClassVar[int] = 45
    screen: ClassVar[str] = r"[0０][ \-]?[1-9１-９][0-9０-９]"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\dA-Za-z.\-])(?:(?:\+|00)?86[- ]?)?(?:\(0(?:10|2\d|[3-9]\d{2})\)|0(?:10|2\d|[3-9]\d{2}))[- ]?"
        r"[2-9]\d{2,3}[- ]?\d{4}(?:[-转]\d{1,5})?(?![\d]|\.\d)"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("电话010-87654321", "010-87654321"),
            ("(021)56781234", "(021)56781234"),
            ("座机07558765432转801", "07558765432转801"),
            ("０１０－８７６５４３２１", "０１０－８７６５４３２１"),
        ),
        spares=("400-820-1234", "0.1087654321", "2020-01-02", "00123456789012345678", "010", "010-1234"),
    )
