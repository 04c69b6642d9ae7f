"""Signatures of human agents: `——客服小王`, `客服小美为您服务`, `工号 1024`, `Best regards, Anna`, `^JS`."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep
from schemas.record import Kind, Role

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
NO_NAMES = re.compile(
    r"小(?:时|组|店|额|件|区|程序)|周[一二三四五六日末到]|高[效兴峰]|方[便式]|任[何意]|常[用规年见]|万[能一]|金牌|白天|文[字明]"
    r"|(?:天天|时时|处处|刻刻|常常|渐渐|慢慢|好好|多多|专专|热线|中心|部门)"
)
MASK = r"\[(?:姓名|数字|工号|账号|NAME|NUMBER|ACCOUNT)x?\]"
NUMBER = rf"(?:[A-Za-z]{{0,3}}\d{{2,8}}号?|{MASK}号?)"
LATIN = r"[A-Z][a-z]{1,11}"
WHO = rf"(?P<who>{NUMBER}|{LATIN}|[\u4e00-\u9fff]{{2,4}}?)"
TITLES = "客服|坐席|座席|专员|顾问|店员"
TITLE = rf"(?:在线|人工|专属|售[前后]|金牌|高级|值班|物流|投诉|维权)*(?:{TITLES})(?:代表|专员|人员|经理)?"
GREETING = r"(?:(?:您好|你好|亲爱的|亲亲|亲)[，,、！!。 ~～]*)*"
SELF = r"(?:这里是|我是|我叫)(?:您的|你的)?"
SERVES = r"[，,、 ]*(?:(?:很|非常)?(?:高兴|荣幸)(?:能|可以)?|竭诚|正在|将|继续|全程|来)?(?:为|给)(?:您|你|亲)服务"
START = r"(?:^|(?<=[。！!？?~～\n ]))"
END = r"(?:[，,。！!~～… ]+|(?=\n)|$)"
STOP = r"(?:[。！!~～… ]+|(?=\n)|$)"
NAMED = re.compile(rf"{START}{GREETING}(?:{SELF})?[\u4e00-\u9fff]{{0,8}}?{NUMBER}?{TITLE}[:：是 ]?{WHO}{SERVES}{END}")
"""`您好，客服小美为您服务，`, `京东客服1024号很高兴为您服务。`"""
NAME_FIRST = re.compile(
    rf"{START}{GREETING}(?:{SELF})?[\u4e00-\u9fff]{{0,6}}?{NUMBER}?(?P<who>{NUMBER}|[小阿][\u4e00-\u9fff]{{1,3}}?){TITLE}{SERVES}{END}"
)
NUMBERED = re.compile(
    rf"{START}{GREETING}(?:{SELF}[\u4e00-\u9fff]{{0,12}}?工号[:：是为# ]{{0,3}}{NUMBER}(?:{SERVES})?{END}"
    rf"|(?:我的|{TITLE})?工号[:：是为# ]{{0,3}}{NUMBER}(?:{TITLE})?(?:{SERVES}{END}|{STOP}))"
)
SIGNED = re.compile(
    rf"(?:\s*(?:—{{1,2}}|-{{1,2}}|–)\s*(?:{TITLE}[:： ]?)|\n\s*{TITLE}[:： ]?){WHO}\s*$"
    r"|(?<=[。！!？?~～\n ])\s*(?:——|--)\s*(?P<short>[小阿][\u4e00-\u9fff]{1,2})\s*$"
)
"""The last words: `——客服小王`, or a last line `客服：Anna`."""
LINE = r"[A-Z][\w.'’&-]*(?:[ ,/|]+[A-Z&][\w.'’&-]*){0,6}"
TRULY = "sincerely|truly|faithfully"
THANKS = "cheers|thanks|thank you|best"
CLOSING = re.compile(
    r"(?:^|\n|(?<=[.!?,] ))\s*(?:(?i:(?:with |best |kind |kindest |warm |warmest |many )*regards|best wishes"
    rf"|(?:yours )?(?:{TRULY})(?: yours)?|respectfully)(?:,[ \n]*|\s*\n\s*)"
    rf"|(?i:{THANKS}),?\s*\n\s*){LINE}(?:\n\s*{LINE}){{0,3}}\s*$"
)
TAIL = r"(?=(?:\s+\(?\d/\d\)?)?(?:\s+https?://\S+)*\s*$)"
LINE_TAIL = r"(?: ?\.(?=\s*(?:\n|$)))?(?=(?:\s*\(?\d/\d\)?)?(?:[ \t]+(?:https?://\S+|\[ACCOUNT\]))*\s*(?:\n|$))"
"""The same at the end of any line: what an agent wrote in several tweets is one message."""
NO_INITIALS = r"(?!(?:XS|XL|XXL|US|UK|EU|OK|AM|PM|USD|CNY|RMB|EUR|GB|TB|MB)(?![A-Za-z]))"
INITIALS = re.compile(
    rf"(?:^|(?<=[.!?…)])|\s+)\^ ?(?:[A-Z]{{2,4}}|[A-Z][a-z]{{1,11}}(?: [A-Z]\.?)?){LINE_TAIL}"
    rf"|(?<=[.!?…])\s*\^ ?[A-Z]{TAIL}"
    rf"|(?<=[.!?…)])\s*[-–—~*/] ?{NO_INITIALS}(?:[A-Z]{{2,3}}|{LATIN}){TAIL}"
)
"""At the end of a tweet: `^JS`, ` - Jordan`, `/JP`, `*TMS`, before its number `1/2` or an address."""


_TITLED = re.compile(TITLES)
_SIGNED_IN_LATIN = re.compile("[A-Z][A-Za-z]{0,11}")


class Signatures(CleaningStep):
    """Who the agent was, where that stands as a clause of its own in the agent's words. `客服24小时为您服务` stays."""

    title_zh: ClassVar[str] = "去除客服签名和工号"
    order: ClassVar[int] = 78
    kinds: ClassVar[tuple[Kind, ...]] = ("domain",)
    roles: ClassVar[tuple[Role, ...]] = ("assistant",)

    def screen(self) -> str | None:
        return (
            rf"(?:为|给)(?:您|你|亲)服务|工号|(?:[—–\n-]\s*[^\n]{{0,12}}(?:{TITLES})[^\n]{{2,12}}\s*$)"
            rf"|(?:——|--)\s*[小阿]|(?i:regards|{TRULY}|respectfully|best wishes)"
            rf"|(?i:{THANKS}),?\s*\n|\^ ?[A-Z]|[.!?…)]\s*[-–—~*/] ?[A-Z][A-Za-z]{{1,11}}(?:\s|$)"
        )

    def fix(self, text: str, lang: str = "zh") -> str:
        if "```" in text:
            return text
        # Each pattern is tried only where a word stands without which it cannot match.
        rest = NUMBERED.sub("", text) if "工号" in text else text
        if _TITLED.search(rest):
            for pattern in (NAMED, NAME_FIRST, SIGNED):
                rest = pattern.sub(_without_name, rest)
        elif "--" in rest or "——" in rest:
            rest = SIGNED.sub(_without_name, rest)
        if _SIGNED_IN_LATIN.search(rest):
            rest = INITIALS.sub("", CLOSING.sub("", rest))
        return rest if rest == text else rest.strip()


def _without_name(match: re.Match[str]) -> str:
    """Give nothing where the match names somebody, and the match itself where it only sounds like it."""
    groups = match.groupdict()
    return "" if _is_name(groups["who"] or groups.get("short") or "") else match[0]


def _is_name(who: str) -> bool:
    """Accept a number, a mask, a Latin name; `小美`, `阳阳`, and two or three Han characters after a surname."""
    if not "\u4e00" <= who[0] <= "\u9fff":
        return True
    if NO_NAMES.match(who) or len(who) > 3:
        return len(who) == 3 and who[1] == who[2] and not NO_NAMES.match(who)
    return who[0] in "小阿老" or who[0] in SURNAMES or who[-1] == who[-2]
