"""WeChat ids, by the word in front of them."""

import re

from rules.personal import PersonalData, PersonalExamples, Span, after, matches

ID = r"(?:[A-Za-z][A-Za-z0-9_-]{5,19}|(?!1[3-9]\d{9}(?!\d))[1-9]\d{5,10})(?![A-Za-z0-9_-]|[.@]\w)"
NAMED = re.compile(
    r"(?:[微威薇][信芯]|(?<![A-Za-z])(?:vx|wx|wechat|v信))(?:号码?|ID)?(?:[\s/和或同是为号]|QQ){0,4}[:=]\s?"
    r"|(?:[微威薇]信(?:号码?|ID)|(?<![A-Za-z])(?:vx|wechat ?id))(?:[\s是为]|is(?![a-z])){0,3}"
    r"|[微威薇]信\s?(?:是|为)\s?"
    r"|(?:加|搜)(?:我|个|一下|您|你)?(?:的)?(?:[微威薇]信?|vx|wx|v信?|wechat)号?\s?",
    re.IGNORECASE,
)
TOKEN = re.compile(rf"(?=[A-Za-z]*[\d_-]){ID}")
LETTERS = re.compile(
    r"[微威薇]信号(?:码)?(?:[\s是为:]){1,3}(?P<it>[A-Za-z]{6,20})(?![A-Za-z0-9_-]|[.@]\w)", re.IGNORECASE
)
BARE = re.compile(rf"[微威薇]信\s?(?P<it>(?=[A-Za-z-]*[\d_])(?=[A-Za-z]){ID})")
WXID = re.compile(r"(?<![A-Za-z0-9_])wxid_[A-Za-z0-9]{6,20}(?![A-Za-z0-9])")
GADGETS = re.compile(
    r"(?:iphone|ipad|app|pay|web|pc|x86|h5|android|windows|version|huawei|xiaomi|redmi|galaxy|macbook)[-_]?\d{0,3}[a-z]{0,4}",
    re.IGNORECASE,
)


class Wechat(PersonalData):
    """An id of six to twenty places after 微信号, 加微信, VX or WeChat ID."""

    label_zh = "微信号"
    label_en = "WECHAT"
    title_zh = "微信号：微信号、加微信、VX 等字样之后的号码"
    priority = 26
    is_rare = True
    screen = r"[微威薇][信芯]|(?i-u:wechat|vx|wx)|[vV]信|[加搜]\S{0,3}[微威薇vV]"
    gate = rf"{screen}|\A[A-Za-z][A-Za-z0-9_-]{{5,19}}\z"
    asks = r"(?i)[微威薇]信|wechat"
    answer = re.compile(r"\A(?P<it>(?=[A-Za-z]*[\d_-])[A-Za-z][A-Za-z0-9_-]{5,19})\Z")
    examples = PersonalExamples(
        finds=(
            ("微信号：xiao_miao88", "xiao_miao88"),
            ("加vx abc12345", "abc12345"),
            ("微信号：xiaomiaokefu，请备注", "xiaomiaokefu"),
            ("这是wxid_a1b2c3d4e5f6", "wxid_a1b2c3d4e5f6"),
            ("加我微信a-b_2024", "a-b_2024"),
            ("微信：12345678", "12345678"),
            ("微信BlueCat_77没加上", "BlueCat_77"),
        ),
        spares=(
            "微信支付",
            "微信pay",
            "wechat is down",
            "微信APP",
            "微信iPhone14闪退",
            "微信 version8",
            "加微信iPhone15",
            "微信小程序1234567",
            "微信x86_64安装包",
            "关注微信JD-mobile",
        ),
    )

    def spans(self, text: str) -> list[Span]:
        named = after(NAMED, TOKEN, text) + matches(BARE, text)
        named = [(start, end) for start, end in named if not GADGETS.fullmatch(text[start:end])]
        return named + matches(LETTERS, text) + matches(WXID, text)
