"""QQ numbers, by the word in front of them."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Qq(PersonalData):
    """Five to eleven digits after QQ or 扣扣."""

    label_zh: ClassVar[str] = "QQ号"
    label_en: ClassVar[str] = "QQ"
    title_zh: ClassVar[str] = "QQ 号"
    priority: ClassVar[int] = 25
    screen: ClassVar[str] = r"(?i)qq|扣扣|企鹅"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:(?<![A-Za-z])QQ|扣扣|企鹅)(?:号码?|群)?[\s:：是为=]{0,3}(?P<it>[1-9]\d{4,10})(?!\d)", re.IGNORECASE
    )
    examples: ClassVar[Spans] = Spans(
        finds=(("加我QQ123456789", "123456789"), ("扣扣号：87654321", "87654321")),
        spares=("QQ音乐", "QQ会员3个月", "QQ 2024版"),
    )
