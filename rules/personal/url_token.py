"""Secrets inside web addresses."""

import re

from rules.personal import PersonalData, PersonalExamples, Span

NAMES = (
    r"(?:[A-Za-z0-9]{1,20}[_.-]){0,3}(?:token|secret|sign|signature|sig|password|passwd|pwd|auth|jwt|session|session_?id"
    r"|sid|ticket|credential|api_?key|app_?key|access_?key|accesskeyid|openid|unionid)"
)
PATTERN = re.compile(
    rf"[?&#;]{NAMES}=(?P<it>[A-Za-z0-9_.~%+/|=-]{{3,}}[A-Za-z0-9_~%+/=-])"
    r"|[?&]key=(?P<long>[A-Za-z0-9_~%+/-]{16,}=*)"
    r"|(?<=://)(?P<login>[^\s/@:?#]{1,64}:[^\s/@?#\ufffc]{1,64})(?=@)",
    re.IGNORECASE,
)


class UrlToken(PersonalData):
    """The value of a token, key, signature or password in an address, and the login before its host.

    The rest of the address stays.
    """

    label_zh = "令牌"
    label_en = "TOKEN"
    title_zh = "网址中的令牌、签名和口令（只遮住这一段）"
    priority = 3
    is_rare = True
    gate = r"=|[:：]//"
    screen = r"://[^\s/@]+@|[?&#;][A-Za-z0-9_.-]+="
    in_addresses = True
    examples = PersonalExamples(
        finds=(
            ("https://shop.example.com/o?id=5&token=9f8e7d6c5b4a", "9f8e7d6c5b4a"),
            ("http://admin:s3cret@192.0.2.1/x", "admin:s3cret"),
            ("链接http://a.example/x?sign=AbCdEf123456，打不开", "AbCdEf123456"),
            ("https://b.example/f?X-Amz-Signature=0a1b2c3d4e5f&x=1", "0a1b2c3d4e5f"),
            ("https://m.example/a?key=Zx81Kq07Lm55Nb42&lang=zh", "Zx81Kq07Lm55Nb42"),
        ),
        spares=(
            "https://item.example.com/5113055.html",
            "http://a.example/?page=123456",
            "?token=",
            "token是什么",
            "https://s.example.com/search?key=iphone15",
            "https://s.example.com/search?keyword=headphones",
            "http://[令牌1]@192.0.2.1/x",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        return [match.span(match.lastgroup or 0) for match in PATTERN.finditer(text)]
