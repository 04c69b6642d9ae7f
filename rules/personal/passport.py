"""Passport numbers, by the word in front of them."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Passport(PersonalData):
    """One or two letters and seven or eight digits after 护照 or passport."""

    label_zh: ClassVar[str] = "护照号"
    label_en: ClassVar[str] = "PASSPORT"
    title_zh: ClassVar[str] = "护照号码"
    priority: ClassVar[int] = 24
    screen: ClassVar[str] = r"(?i)护照|passport"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:护照(?:号码?)?|passport(?:\s*(?:number|no\.?))?)[\s:：是为]{0,3}(?:is\s)?(?P<it>[A-Z]{1,2}\d{7,8})(?![\dA-Z])",
        re.IGNORECASE,
    )
    examples: ClassVar[Spans] = Spans(
        finds=(("护照号E12345678", "E12345678"), ("passport number is EA1234567", "EA1234567")),
        spares=("护照办理需要7天", "passport photo", "型号E12345678"),
    )
