"""People who give their names."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule, cut
from schemas.introductions.strangers import SURNAMES

TITLE = "客服|坐席|座席|专员|顾问|店员|店长|管家|导购"
NAME = r"(?:(?:小|阿|老)[一-鿿]{1,2}?|\[姓名[x\d]{0,3}\]|\[NAME\d{0,3}\])"
NUMBERED = rf"工号[:： ]?\d{{2,8}}的?[{SURNAMES}][一-鿿]{{1,2}}?"
PET_NAMES = tuple(character * 2 for character in "莉丽晶娜婷静雪梦萌思文佳露甜冰琪倩欣悦月玲珍芳兰圆苗朵果糖豆乐多米")
"""A pattern that polars reads cannot say that a character comes twice."""
DOUBLED = f"(?:{'|'.join(PET_NAMES)})"
EN_NAME = r"(?:[A-Z][a-z]{1,14}|\[NAME\d{0,3}\])"
INTRODUCTIONS = (
    rf"(?:我是|我叫|这里是|这边是|本人是)[^。！？!?，,\n]{{0,10}}(?:{TITLE}) ?{NAME}"
    r"(?:[，,。！!~～ ]+|(?P<a>为您|很高兴|\n|$))"
    rf"|(?:{TITLE}) ?{NAME}(?P<b>为您|很高兴|竭诚)"
    rf"|(?:我是)?{NUMBERED}[，, ]?(?P<g>为您|很高兴|竭诚)"
    rf"|(?:我是|我叫|这里是)[^。！？!?，,\n]{{0,8}}(?:{TITLE}) ?{DOUBLED}[哦呀啊呢]?(?:[，,。！!~～ ]+|(?P<h>为您"
    r"|很高兴|\n|$))"
    r"|\n?(?:(?:[Bb]est|[Kk]ind|[Ww]arm) )?(?:[Rr]egards|[Ss]incerely|[Cc]heers),? ?\n?[A-Z][a-z]{1,14}(?P<i>\n|$)"
    rf"|(?:[Mm]y name(?: is|'s)|[Tt]his is|I am|I'm) {EN_NAME}"
    r"(?:,? (?:from|with|your) [^.!?,\n]{1,30}[.!?,]? ?| and (?P<c>I(?:'ll|'m| will| can| am))"
    r"|[,.!] (?P<j>[Hh]ow (?:can|may) I|[Ww]hat can I))"
    rf"|[Mm]y name(?: is|'s) {EN_NAME}[.!,] ?"
    r"|(?P<d>[.!?…)] ?)[-–—~*] ?[A-Z][a-z]{1,10}(?P<e>\n|$)| ?\^ ?[A-Z][A-Za-z]{0,9}(?P<f>\n|$)"
)


class AgentName(Rule):
    """A reply in which a person gives a name ("我是客服小李", "My name is Sarah and I'll help") or signs ("^JP"): the
    assistant must not learn to be that person. The repair cuts the name out.
    """

    title_zh: ClassVar[str] = (
        "回复里客服报了自己的名字（“我是客服小李”“My name is Sarah and I'll help”）或署名（“^JP”）："
        "助手不该学成那个人；修复即删去名字"
    )
    kinds = ("domain",)
    repairs = ("assistant",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "请问是小李收件吗",
            "您可以联系客服，小米手机支持七天退货",
            "This is great for your kitchen.",
            "The route is Paris - London",
            "My name is on the list.",
            "客服小程序在首页",
            "工号1024的客服已为您处理",
            "Give my regards to Melissa",
            "顾问多多益善",
            "I'm sorry, how can I help?",
        ),
        drops=(
            "我是客服小李，很高兴为您服务",
            "您好，这里是本店客服[姓名1]，请问有什么可以帮您",
            "客服小王为您服务",
            "My name is Sarah and I'll help you today.",
            "Hi, this is Tom from Acme Support. How can I help?",
            "Please send us a DM. -Bob",
            "We are on it ^JP",
            "Hi, I'm Dave, how can I help?",
            "您好，工号1024的李娜为您服务",
            "亲，我是您的专属顾问莉莉哦~",
            "It is sent. Kind regards, Melissa",
        ),
        fixes=(
            ("您好，我是客服小李，很高兴为您服务", "您好，很高兴为您服务"),
            ("客服小王为您服务", "为您服务"),
            ("My name is Sarah and I'll help you today.", "I'll help you today."),
            ("Please send us a DM. -Bob", "Please send us a DM."),
            ("We are on it ^JP", "We are on it"),
            ("您好，工号1024的李娜为您服务", "您好，为您服务"),
            ("It is sent. Kind regards, Melissa", "It is sent."),
        ),
    )

    action: Action = "fix"

    def hints(self) -> tuple[str, ...]:
        zh = (f"{title}{gap}{name}" for title in TITLE.split("|") for gap in ("", " ") for name in "小阿老[")
        doubled = (f"{title}{gap}{name}" for title in TITLE.split("|") for gap in ("", " ") for name in PET_NAMES)
        signed = ("工号", "regards", "sincerely", "cheers")
        return (*zh, *doubled, *signed, "my name", "this is", "i am", "i'm", "^", "-", "–", "—", "~", "*")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(INTRODUCTIONS)

    def fix(self, text: str) -> str:
        return cut(INTRODUCTIONS, text)
