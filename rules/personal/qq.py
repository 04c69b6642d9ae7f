"""QQ numbers, by the word in front of them."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after

CONTEXT = re.compile(
    r"(?:(?<![A-Za-z])Q ?Q|扣扣|企鹅号|加\s?Q)(?:号码?|群号?|ID)?(?:[\s:/是为=(、和或同]|微信号?|vx|号){0,5}",
    re.IGNORECASE,
)
TOKEN = re.compile(r"(?!1[3-9]\d{9}(?!\d))[1-9]\d{4,10}(?!\d|[.:]\d)(?!\s?(?:[元块人个位万份]|版))")


class Qq(PersonalData):
    """Five to eleven digits after QQ or 扣扣."""

    label_zh = "QQ号"
    label_en = "QQ"
    title_zh = "QQ 号：QQ、扣扣等字样之后的号码"
    priority = 25
    is_rare = True
    screen = r"[qQ] ?[qQ]|扣扣|企鹅|加\s?[qQ]"
    asks = r"(?i)qq|扣扣"
    answer = re.compile(r"\A\D{0,4}(?P<it>(?!1[3-9]\d{9}(?!\d)|(?:19|20)\d{6}(?!\d))[1-9]\d{4,10})\D{0,4}\Z")
    examples = PersonalExamples(
        finds=(
            ("加我QQ123456789", "123456789"),
            ("扣扣号：87654321", "87654321"),
            ("QQ/微信：123456789", "123456789"),
            ("ＱＱ：１２３４５６７", "１２３４５６７"),
        ),
        spares=("QQ音乐", "QQ会员3个月", "QQ 2024版", "QQ12345人在线", "qq.com"),
    )

    def spans(self, text: str) -> list[Span]:
        return after(CONTEXT, TOKEN, text)
