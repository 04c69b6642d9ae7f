"""Internet addresses."""

import ipaddress
import re

from rules.personal import PersonalData, PersonalExamples, Span, matches

PATTERN = re.compile(
    r"(?<![\d.])(?:(?<![A-Za-z])|(?<=[Ii][Pp]))(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)"
    r"|(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])"
)
DOTTED = r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
VERSION = re.compile(
    r"(?:(?<![A-Za-z])(?:v|ver|version|build|release|firmware|android|ios|chrome|driver|update|sdk|app|section|chapter)"
    r"|版本号?|版|固件|系统|驱动|升级到|更新到|章节?|第)[\s:.为是到]{0,3}$",
    re.IGNORECASE,
)
NAMED = re.compile(r"(?:ip|地址|host|server|ping|dns|网关|服务器|://)[^\d]{0,12}$", re.IGNORECASE)


class Ip(PersonalData):
    """IPv4 and IPv6 addresses. Version numbers, and the addresses that every home network has, are spared."""

    label_zh = "IP地址"
    label_en = "IP"
    title_zh = "IP 地址；版本号和家用局域网地址（192.168）不算"
    priority = 30
    is_rare = True
    gate = rf"{DOTTED}|[:：][0-9a-fA-F]{{0,4}}[:：]"
    screen = rf"{DOTTED}|:[0-9a-fA-F]{{0,4}}:"
    examples = PersonalExamples(
        finds=(
            ("IP是203.0.113.7吗", "203.0.113.7"),
            ("from 198.51.100.9.", "198.51.100.9"),
            ("被封的ip198.51.100.9", "198.51.100.9"),
            ("登录地址１９８.51.100.9", "１９８.51.100.9"),
            ("IP地址：8.8.4.4", "8.8.4.4"),
            ("2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
        ),
        spares=(
            "版本1.2.3.4",
            "v10.0.0.1",
            "version 2.0.1.1",
            "升级到21.13.5.201",
            "12:30:45",
            "1.2.3",
            "256.1.1.1",
            "10:05:06",
            "路由器192.168.1.1",
            "255.255.255.0",
            "见 3.2.1.4 节",
            "Face::add",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        return [(start, end) for start, end in matches(PATTERN, text) if _is_address(text, start, end)]


def _is_address(text: str, start: int, end: int) -> bool:
    value, before = text[start:end], text[max(0, start - 20) : start]
    if VERSION.search(before):
        return False
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    if address.version == 6:
        return not address.is_loopback and (value.count(":") == 7 or len(re.findall(r"\d", value)) >= 4)
    # 1.2.3.4 is a section or a list as often as an address; three digits, or a word, settle it.
    is_list = max(len(number) for number in value.split(".")) == 1 and not NAMED.search(before)
    return not is_list and not _is_local(address)


def _is_local(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether it is loopback, link, multicast, a mask or a home network.

    10.… may name a host of a company: it counts.
    """
    local = (
        "0.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
    return any(address in ipaddress.ip_network(network) for network in local)
