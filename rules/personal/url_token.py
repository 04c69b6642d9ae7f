"""Secrets inside web addresses."""

import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class UrlToken(PersonalData):
    """The value of a token, key, signature or password in an address, and the login before its host."""

    label_zh: ClassVar[str] = "令牌"
    label_en: ClassVar[str] = "TOKEN"
    title_zh: ClassVar[str] = "网址中的令牌和口令"
    priority: ClassVar[int] = 3
    screen: ClassVar[str] = r"://|[?&][A-Za-z_]+="
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"[?&#](?:access_?token|refresh_?token|id_?token|token|api_?key|app_?key|app_?secret|key|sign|signature|sig|secret"
        r"|password|passwd|pwd|auth|session_?id|session|sid|ticket)=(?P<it>[A-Za-z0-9_.~%+/\-]{6,}=*)"
        r"|(?<=://)[^\s/@:]{1,64}:[^\s/@]{1,64}(?=@)",
        re.IGNORECASE,
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("https://shop.example.com/o?id=5&token=9f8e7d6c5b4a", "9f8e7d6c5b4a"),
            ("http://admin:s3cret@192.0.2.1/x", "admin:s3cret"),
            ("链接http://a.example/x?sign=AbCdEf123456，打不开", "AbCdEf123456"),
        ),
        spares=(
            "https://item.example.com/5113055.html",
            "http://a.example/?page=123456",
            "?token=",
            "token是什么",
        ),
    )
