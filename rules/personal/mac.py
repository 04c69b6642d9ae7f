"""Hardware addresses of network cards."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, matches

PATTERN = re.compile(
    r"(?<![0-9A-Za-z])(?:(?<![0-9A-Za-z][:.-])|(?<=[Mm][Aa][Cc][:-]))(?<!::)"
    r"(?:[0-9A-Fa-f]{2}(?P<sign>[:-])(?:[0-9A-Fa-f]{2}(?P=sign)){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})"
    r"(?![:.-]?[0-9A-Za-z]|::)"
)
NAMED = re.compile(r"(?:mac|物理地址|硬件地址|网卡地址|bssid)[^\n]{0,12}$", re.IGNORECASE)


class Mac(PersonalData):
    """Six pairs of hexadecimal digits; without a letter from A to F only where a word names them."""

    label_zh = "MAC"
    label_en = "MAC"
    title_zh = "网卡 MAC 地址：六组十六进制数；全是数字时须有字样"
    priority = 18
    is_rare = True
    gate = r"(?:[0-9A-Fa-f]{2}[:：–—-]){3}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\."
    screen = (
        r"[0-9A-Fa-f][0-9A-Fa-f][:-][0-9A-Fa-f][0-9A-Fa-f][:-][0-9A-Fa-f][0-9A-Fa-f][:-][0-9A-Fa-f][0-9A-Fa-f][:-]"
        r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
    )
    examples = PersonalExamples(
        finds=(
            ("00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
            ("路由器00-1a-2b-3c-4d-5e掉线", "00-1a-2b-3c-4d-5e"),
            ("it shows 001A.2B3C.4D5E.", "001A.2B3C.4D5E"),
            ("MAC地址：００：１Ａ：２Ｂ：３Ｃ：４Ｄ：５Ｅ", "００：１Ａ：２Ｂ：３Ｃ：４Ｄ：５Ｅ"),
            ("MAC 00:11:22:33:44:55", "00:11:22:33:44:55"),
            ("物理地址是10-20-30-40-50-60", "10-20-30-40-50-60"),
            ("MAC:de:ad:be:ef:00:01", "de:ad:be:ef:00:01"),
            ("bssid=de:ad:be:ef:00:01", "de:ad:be:ef:00:01"),
            ("设备F4:0F:24:0A:0B:0C无法配网", "F4:0F:24:0A:0B:0C"),
            ("mac is 0011.2233.4455", "0011.2233.4455"),
            ("(a4:5e:60:00:00:01)", "a4:5e:60:00:00:01"),
        ),
        spares=(
            "12:30:45",
            "时间10:20:30:40:50:60",
            "01-05-12-23-30-33开奖",
            "1234.5678.9012",
            "2001:db8:00:1a:2b:3c:4d:5e",
            "00:1A:2B:3C:4D",
            "00:1A:2B:3C:4D:5E:6F",
            "00-1A-2B-3C-4D-5E-6F-70",
            "00:1A-2B:3C-4D:5E",
            "00:1A:2B:3C:4D:5G",
            "d41d8cd98f00b204e9800998ecf8427e",
            "550e8400-e29b-41d4-a716-446655440000",
            "MAC口红",
            "Mac mini M2 2023",
            "2023-11-24 12:30:05",
            "fe80::1A:2B:3C:4D:5E:6F",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        return [(start, end) for start, end in matches(PATTERN, text) if _is_hardware(text, start, end)]

    def canonical(self, value: str) -> str:
        return super().canonical(value).replace(":", "")


def _is_hardware(text: str, start: int, end: int) -> bool:
    return (
        re.search(r"[A-Fa-f]", text[start:end]) is not None
        or NAMED.search(text[max(0, start - 24) : start]) is not None
    )
