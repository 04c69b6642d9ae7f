"""A blank that somebody would have to fill in."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.names import squeezed
from schemas.identity import Identity
from schemas.placeholders import placeholders, unfilled

BRACKETED = re.compile(
    r"\{+([^{}\n]{1,40})\}+|<([^<>|\n]{1,40})>|\[+([^\[\]\n]{1,40})\]+|【([^【】\n]{1,40})】"
    r"|｛+([^｛｝\n]{1,40})｝+|〔([^〔〕\n]{1,40})〕|＜([^＜＞\n]{1,40})＞"
)
BLANK = re.compile(
    r"(?<![A-Za-z])[xX×]{2,}(?![A-Za-z])|[xX×]{3,}|_{2,}|＿{2,}|%[sd](?![A-Za-z])|\$[A-Z_]{2,}|\$\d\b|\$\{"
    r"|\*{3,}|某某|某(?:公司|店|品牌|先生|女士|年|月|日|地)|[○〇●]{2,}|\bTBD\b|\bN/A\b|\bfoo\b|[?？]{3,}号"
    r"|(?<![A-Za-z])N(?=天|个|元|小时|日|次)"
    r"|#\w+#|@\w+@|%\w+%|\b(?:INSERT|YOUR|COMPANY|ORDER|CUSTOMER|PRODUCT|USER|SHOP|STORE)_?(?:NAME|ID"
    r"|NUMBER|HERE|DATE)\b|[（(](?:此处|这里|填|插入|insert|your|fill|公司名|姓名|名字|订单号|日期|name"
    r"|order number)[^）)]{0,20}[）)]"
    r"|\.{6,}|…{3,}"
)


class PlaceholderAdded(Check):
    """`{{name}}`, `[姓名]`, `<order_id>`, XXX, `____`, `%s`, which its parent does not have."""

    title_zh: ClassVar[str] = "出现了原文没有的占位符：{{name}}、[姓名]、<order_id>、XXX、____、%s"
    rank: ClassVar[int] = 15
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("{{title}}没有被替换", "模板里的{{title}}原样留着"),
            zh("点“申请退货”就可以。", "点击【申请退货】即可。", part="answer"),
            en("Do you have it in XXL?", "Is XXL a size you have?"),
        ),
        refuses=(
            zh("我是小喵。", "我叫{{name}}。", part="answer"),
            zh("订单没到", "订单号XXX的还没收到"),
            en("Where is my parcel?", "Where is my parcel with the number [order number]?"),
            en("I'm Pip.", "I'm called ____.", part="answer"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text, candidate.parent
        if set(BLANK.findall(text)) - set(BLANK.findall(parent)):
            return True
        if set(placeholders(text) + unfilled(text)) - set(placeholders(parent) + unfilled(parent)):
            return True
        known = squeezed(f"{candidate.question} {candidate.answer}")
        found = ["".join(groups) for groups in BRACKETED.findall(text)]
        return any(squeezed(content) not in known for content in found)
