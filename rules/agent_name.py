"""People who give their names."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule, cut

TITLE = "客服|坐席|座席|专员|顾问|店员|店长|管家|导购"
NAME = r"(?:(?:小|阿|老)[一-鿿]{1,2}?|\[姓名[x\d]{0,3}\]|\[NAME\d{0,3}\])"
EN_NAME = r"(?:[A-Z][a-z]{1,14}|\[NAME\d{0,3}\])"
INTRODUCTIONS = (
    rf"(?:我是|我叫|这里是|这边是|本人是)[^。！？!?，,\n]{{0,10}}(?:{TITLE}) ?{NAME}"
    r"(?:[，,。！!~～ ]+|(?P<a>为您|很高兴|\n|$))"
    rf"|(?:{TITLE}) ?{NAME}(?P<b>为您|很高兴|竭诚)"
    rf"|(?:[Mm]y name(?: is|'s)|[Tt]his is|I am|I'm) {EN_NAME}"
    r"(?:,? (?:from|with|your) [^.!?,\n]{1,30}[.!?,]? ?| and (?P<c>I(?:'ll|'m| will| can| am)))"
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
        ),
        drops=(
            "我是客服小李，很高兴为您服务",
            "您好，这里是本店客服[姓名1]，请问有什么可以帮您",
            "客服小王为您服务",
            "My name is Sarah and I'll help you today.",
            "Hi, this is Tom from Acme Support. How can I help?",
            "Please send us a DM. -Bob",
            "We are on it ^JP",
        ),
        fixes=(
            ("您好，我是客服小李，很高兴为您服务", "您好，很高兴为您服务"),
            ("客服小王为您服务", "为您服务"),
            ("My name is Sarah and I'll help you today.", "I'll help you today."),
            ("Please send us a DM. -Bob", "Please send us a DM."),
            ("We are on it ^JP", "We are on it"),
        ),
    )

    action: Action = "fix"

    def hints(self) -> tuple[str, ...]:
        zh = (f"{title}{gap}{name}" for title in TITLE.split("|") for gap in ("", " ") for name in "小阿老[")
        return (*zh, "my name", "this is", "i am", "i'm", "^", "-", "–", "—", "~", "*")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(INTRODUCTIONS)

    def fix(self, text: str) -> str:
        return cut(INTRODUCTIONS, text)
