"""Chinese licence plates."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class LicencePlate(PersonalData):
    """A province, a letter and five or six places; without I and O, as the standard GA 36 says."""

    label_zh: ClassVar[str] = "车牌号"
    label_en: ClassVar[str] = "PLATE"
    title_zh: ClassVar[str] = "车牌号"
    priority: ClassVar[int] = 35
    screen: ClassVar[str] = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-zＡ-Ｚ]"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·. ]?(?=[A-HJ-NP-Z]{0,6}\d)"
        r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(("车牌京A12345", "京A12345"), ("粤B·D12345的车", "粤B·D12345")),
        spares=("京A", "苏ABCDEFG", "新款A12", "京东A123456789"),
    )
