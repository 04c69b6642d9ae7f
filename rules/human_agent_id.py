"""Agents by their numbers."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule, cut

TITLE = "客服|坐席|座席|专员"
MASK = r"\[(?:数字|工号|NUMBER)[x0-9]{0,3}\]"
NUMBER = rf"(?:[A-Za-z]{{0,3}}[0-9]{{2,}}|{MASK})"
NUMBERED_AGENTS = (
    rf"[^。！？!?，,\n]{{0,14}}工号[:：\s为是]{{0,2}}{NUMBER}[，,。！!~～ ]*(?:为您服务|很高兴为您服务)?[，,。！!~～ ]*"
    rf"|[^。！？!?，,\n]{{0,8}}(?:{TITLE}) ?(?:[0-9]{{2,}}|{MASK}) ?号(?:[，,。！!~～ ]+|(?P<a>很高兴|为您|\n|$))"
    r"|(?:[Tt]his is |I am |I'm )?[Aa]gent (?:[Nn]o\.?|ID|id|[Nn]umber|#)[:# ]{0,2}[0-9]{2,}[.,!]? ?"
)


class HumanAgentId(Rule):
    """A reply with the employee number of a person; the assistant must not learn to be that person. The repair cuts the
    number out, with the words that introduce it.
    """

    title_zh: ClassVar[str] = "回复里有客服的工号：助手不该学成那个人；修复即连同引出工号的话一起删去"
    kinds = ("domain",)
    repairs = ("assistant",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "您的工号是多少",
            "工号已记录",
            "agent is busy",
            "请拨打客服95118",
            "送货专员12点到",
            "订单号1024已发货",
        ),
        drops=(
            "我是客服工号1024，为您服务",
            "工号：A0087",
            "This is agent #4521.",
            "您好，京东服务专员[数字x]号，很高兴为您服务!",
            "客服 302 号为您服务",
        ),
        fixes=(
            ("您好，我是客服工号1024，已为您登记", "您好，已为您登记"),
            ("您好，本店服务专员[数字x]号，很高兴为您服务!", "您好，很高兴为您服务!"),
            ("This is agent #4521. How can I help?", "How can I help?"),
        ),
    )

    action: Action = "fix"

    def hints(self) -> tuple[str, ...]:
        titled = (f"{title}{gap}{start}" for title in TITLE.split("|") for gap in ("", " ") for start in "0123456789[")
        return ("工号", *titled, "agent n", "agent i", "agent #")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(NUMBERED_AGENTS)

    def fix(self, text: str) -> str:
        return cut(NUMBERED_AGENTS, text)
