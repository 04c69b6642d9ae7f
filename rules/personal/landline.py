"""Chinese landline numbers."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after, is_date, matches, names_goods

EXTENSION = r"(?:\s?(?:转|分机|-|ext\.?)\s?\d{1,5})?"
PATTERN = re.compile(
    r"(?<![\d.])(?<!\d-)(?:(?:\+|00)?86[- ]?)?"
    r"(?:\(0(?:10|2\d|[3-9]\d{2})\)|0(?:10|2\d|[3-9]\d{2}))\s?[-/]?\s?"
    r"[2-9]\d{2,3}[- ]?\d{4}(?:[/、][2-9]\d{6,7})*" + EXTENSION + r"(?!\d|\.\d)"
    r"|(?<![\d.+-])(?:\+|00)86[- ]?(?:10|2\d|[3-9]\d{2})[- ]?[2-9]\d{2,3}[- ]?\d{4}" + EXTENSION + r"(?!\d|\.\d)"
)
CONTEXT = re.compile(r"(?:座机|固话|固定电话|电话|(?<![A-Za-z])tel)(?:号码?)?[\s:是为.]{0,4}", re.IGNORECASE)
LOCAL = re.compile(r"[2-9]\d{2,3}[- ]?\d{4}" + EXTENSION + r"(?![\d年月日元]|[.:/-]\d)")
SERVICE = re.compile(r"\(?0(?:300|330|333|34[345]|800|808|84[345])")
"""British service numbers, in ranges that are no Chinese area code."""


class Landline(PersonalData):
    """Area code and seven or eight digits, with or without an extension; seven or eight digits after 电话.

    Service numbers (400, 800, 95xxx, 10086) belong to companies and are spared.
    """

    label_zh = "座机号"
    label_en = "PHONE"
    title_zh = "固定电话：区号加七八位号码；客服热线（400、95xxx）不算"
    priority = 45
    screen = (
        r"(?:(?:^|[^0-9])(?:(?:(?:00)?86[- ]?)?\(?0|(?:\+|00)86[- ]?)(?:10|2[0-9]|[3-9][0-9]{2})"
        r"|座机|固话|电话|(?i-u:tel))"
        r"[^0-9]{0,6}[0-9]{3,4}[- ]?[0-9]{4}(?:[^0-9]|$)"
    )
    asks = r"电话|座机|联系方式|号码"
    answer = re.compile(
        r"\A\D{0,12}(?<![¥$])(?P<it>(?!(?:19|20)\d{6}(?!\d))[2-9]\d{2,3}[- ]?\d{4})(?![元块.])\D{0,8}\Z"
    )
    examples = PersonalExamples(
        finds=(
            ("电话010-87654321", "010-87654321"),
            ("(021)56781234", "(021)56781234"),
            ("座机07558765432转801", "07558765432转801"),
            ("０１０－８７６５４３２１", "０１０－８７６５４３２１"),
            ("010—87654321", "010—87654321"),
            ("0755 8765 4321", "0755 8765 4321"),
            ("您打010-87654321/87654322", "010-87654321/87654322"),
            ("座机：87654321", "87654321"),
            ("+86 10 8765 4321", "+86 10 8765 4321"),
        ),
        spares=(
            "400-820-1234",
            "0.1087654321",
            "2020-01-02",
            "00123456789012345678",
            "010",
            "010-1234",
            "电话95588",
            "电话4008201234",
            "电话20231124",
            "型号：01087654321",
            "call 0345 810 1010",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        whole = [
            (start, end)
            for start, end in matches(PATTERN, text)
            if not (SERVICE.match(text, start) or names_goods(text, start))
        ]
        local = [(start, end) for start, end in after(CONTEXT, LOCAL, text) if not is_date(text[start:end])]
        return whole + local
