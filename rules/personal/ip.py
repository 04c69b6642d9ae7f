"""Internet addresses."""

import ipaddress
import re
from typing import ClassVar

from rules.personal import PersonalData, Spans


class Ip(PersonalData):
    """IPv4 and IPv6 addresses; version numbers are spared."""

    label_zh: ClassVar[str] = "IP地址"
    label_en: ClassVar[str] = "IP"
    title_zh: ClassVar[str] = "IP 地址"
    priority: ClassVar[int] = 30
    screen: ClassVar[str] = r"[0-9０-９]{1,3}[.．][0-9０-９]{1,3}[.．]|[0-9a-fA-F]*:[0-9a-fA-F]*:"
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"(?<![\d.A-Za-z])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d]|\.\d)"
        r"|(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])"
    )
    examples: ClassVar[Spans] = Spans(
        finds=(
            ("IP是192.168.31.7吗", "192.168.31.7"),
            ("from 203.0.113.9.", "203.0.113.9"),
            ("2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
        ),
        spares=("版本1.2.3.4", "v10.0.0.1", "version 2.0.1.1", "12:30:45", "1.2.3", "256.1.1.1", "10:05:06"),
    )

    @classmethod
    def is_valid(cls, found: str, before: str) -> bool:
        if re.search(r"(?:v|version|ver|版本号?|固件|firmware|系统)[\s:：.为是]*$", before, re.IGNORECASE):
            return False
        try:
            ipaddress.ip_address(found)
        except ValueError:
            return False
        return True
