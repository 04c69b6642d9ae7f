"""Chinese licence plates."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, matches

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PATTERN = re.compile(
    rf"(?<![全最更崭创重革翻刷])[{PROVINCES}]"
    r"[A-HJ-NP-Za-hj-np-z][·.・• -]?(?=[A-HJ-NP-Za-hj-np-z]{0,3}\d)(?=(?:[A-Za-z]?\d){2}|[A-Z0-9]{5})"
    r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)


class LicencePlate(PersonalData):
    """A province, a letter and five or six places; without I and O, as the standard GA 36 says."""

    label_zh = "车牌号"
    label_en = "PLATE"
    title_zh = "车牌号：省份简称、字母和五六位号码"
    priority = 35
    is_rare = True
    gate = screen = rf"[{PROVINCES}][A-Za-z]"
    examples = PersonalExamples(
        finds=(
            ("车牌京A12345", "京A12345"),
            ("粤B·D12345的车", "粤B·D12345"),
            ("沪a8k123在楼下", "沪a8k123"),
            ("川A1234学", "川A1234学"),
        ),
        spares=("京A", "苏ABCDEFG", "新款A12", "京东A123456789", "全新A12345", "新iPhone15"),
    )

    def spans(self, text: str) -> list[Span]:
        return matches(PATTERN, text)
