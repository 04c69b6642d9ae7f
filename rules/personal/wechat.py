"""WeChat ids, by the word in front of them."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Wechat(PersonalData):
    """A letter and five to nineteen letters, digits, - and _ after 微信, 微信号, VX or WeChat."""

    label_zh: ClassVar[str] = "微信号"
    label_en: ClassVar[str] = "WECHAT"
    title_zh: ClassVar[str] = "微信号"
    priority: ClassVar[int] = 26
    screen: ClassVar[str] = r"(?i)微信|wechat|vx|薇信|wx"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?:(?:微信|薇信)号?|(?<![A-Za-z])(?:wechat(?:\s*id)?|vx|wx))[\s:：是为=]{0,3}"
        r"(?P<it>[a-zA-Z][a-zA-Z0-9_-]{0,18}[0-9_][a-zA-Z0-9_-]{0,18})(?![A-Za-z0-9_-])",
        re.IGNORECASE,
    )
    examples: ClassVar[Spans] = Spans(
        finds=(("微信号：xiao_miao88", "xiao_miao88"), ("加vx abc12345", "abc12345")),
        spares=("微信支付", "微信pay", "wechat is down", "微信APP"),
    )
