"""Chinese mobile numbers."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Mobile(PersonalData):
    """Eleven digits from 13 to 19, with or without +86, spaces and dashes."""

    label_zh: ClassVar[str] = "手机号"
    label_en: ClassVar[str] = "PHONE"
    title_zh: ClassVar[str] = "手机号码"
    priority: ClassVar[int] = 40
    screen: ClassVar[str] = r"[1１][ \-]?[3-9３-９][ \-]?[0-9０-９]"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\dA-Z.])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d]|\.\d)"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("手机号13812345678", "13812345678"),
            ("加微信13812345678哦", "13812345678"),
            ("电话：138 1234 5678。", "138 1234 5678"),
            ("+86 138-1234-5678", "+86 138-1234-5678"),
            ("１３８１２３４５６７８", "１３８１２３４５６７８"),
            ("18600001111收到请回", "18600001111"),
        ),
        spares=(
            "订单20231381234567890123",
            "价格13812.5元",
            "12812345678",
            "1381234567",
            "138123456789",
            "客服热线95588",
            "型号A1381234567812",
        ),
    )
