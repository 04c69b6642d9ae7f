"""A way to reach somebody that the parent does not give."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import simplified
from schemas.identity import Identity

LINKS = re.compile(
    r"https?://\S+|www\.\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|io|co|top|xyz|shop|store|info"
    r"|app|uk|de|hk|tw|me|ly|cc|vip|site|example|test)\b(?:/\S*)?"
    r"|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z]+|(?<!\w)@[a-z_]\w{2,}|\b[48]00[- ]?\d{3,4}[- ]?\d{3,4}\b"
    r"|\+\d[\d ()-]{6,}|\b\d{3,4}-\d{7,8}\b",
    re.IGNORECASE,
)
WAYS = tuple(
    re.compile(way)
    for way in (
        r"微信|vx|wx|威信|薇信|v信|加v",
        r"qq|扣扣|企鹅",
        r"公众号|订阅号",
        r"小程序",
        r"热线",
        r"拨打|致电|来电|打电话|电话(?:联系|咨询)|客服电话",
        r"扫码|二维码|扫一扫",
        r"下载",
        r"加(?:我|群|好友|一下)|进群|群号|粉丝群|交流群",
        r"私信|私聊",
        r"邮箱|邮件|发信",
        r"淘宝|抖音|小红书|微博",
        r"官网|网址|链接|点击?此处|点这里",
        r"客服热线|人工客服|在线客服|联系客服|联系我们",
        r"telegram|whats ?app|wechat|skype|facebook|instagram|twitter|messenger|discord|linkedin|tiktok",
        r"\bcall (?:us|our|\d|\+)|\bring us\b|\bdial\b|\bphone (?:us|our)|\bgive us a (?:call|ring)"
        r"|\bhotline\b|\bhelpline\b|\bcall\b.{0,12}\d{3}",
        r"\be-?mail (?:us|me|our)|\bwrite to us\b|\bsend us\b",
        r"\btext (?:us|me)\b|\bdm (?:us|me)\b|\bmessage us\b",
        r"\bfollow us\b|\bsubscribe\b",
        r"\bdownload\b|\bapp store\b|\bgoogle play\b|\binstall our\b",
        r"\bvisit (?:our|us|www)|\bour (?:website|site|page)\b|\bclick here\b|\blink\b|\bgo to our\b"
        r"|\bscan\b|\bqr\b",
        r"\bcontact us\b|\breach (?:us|out)\b|\bget in touch\b",
    )
)

NEAR = (
    (re.compile(r"扫"), ("扫码",)),
    (re.compile(r"电话|热线|拨打|致电|打.{0,6}号"), ("热线", "拨打")),
    (re.compile(r"网站|官网|网页|页面|链接|网址"), ("官网",)),
    (re.compile(r"邮件|邮箱|email|mail"), ("邮箱",)),
    (re.compile(r"phone|call|ring|number|dial"), ("call (?:us", "contact us")),
    (re.compile(r"website|site|page|online|link|url|app\b"), ("visit", "download")),
    (re.compile(r"mail"), ("e-?mail", "link")),
    (re.compile(r"contact|touch|reach"), ("contact us", "call (?:us", "e-?mail")),
    (re.compile(r"text|message|sms"), ("text (?:us",)),
    (re.compile(r"下载|安装|导出|保存"), ("下载",)),
    (re.compile(r"download|install|export|get it|app"), ("download",)),
    (re.compile(r"客服|人工|联系"), ("客服热线", "热线")),
    (re.compile(r"短信|消息|群|私信"), ("私信", "加(?:我")),
    (re.compile(r"scan|code"), ("visit",)),
)
"""How else a parent may speak of a way, and how that way is written."""


class ContactAdded(Check):
    """A link, a domain, an account, a hotline, an invitation to call, scan or download that the parent lacks."""

    title_zh: ClassVar[str] = "出现了原文没有的联系方式：链接、微信/QQ、热线、扫码、下载"
    rank: ClassVar[int] = 26
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("快递员电话打不通", "打快递小哥的电话总是不通"),
            zh("加微信客服怎么加", "想加客服的微信，该怎么加"),
            en("what's your phone number", "is there a number I can call you on"),
        ),
        refuses=(
            zh("24小时内发出。", "24小时之内发出，急的话请拨打400-820-5566。", part="answer"),
            zh("怎么退款", "怎么退款，加微信说吧"),
            en("It ships in 3 days.", "It ships in 3 days, see www.shop.example/ship.", part="answer"),
            en("It ships in 3 days.", "It ships in three days; call us if it doesn't.", part="answer"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text = simplified(candidate.text)
        parent, known = simplified(candidate.parent), simplified(f"{candidate.question} {candidate.answer}")
        if any(match not in known for match in LINKS.findall(text)):
            return True
        if candidate.part == "question":
            parent = known
        return any(
            way.search(text) and not way.search(parent) and not _speaks_of_it(way.pattern, parent) for way in WAYS
        )


def _speaks_of_it(way: str, parent: str) -> bool:
    """Tell whether the parent speaks of that way to reach somebody in another word."""
    return any(words.search(parent) and any(key in way for key in keys) for words, keys in NEAR)
