"""Which column of a log holds what: as the user says it, else by the names that exports give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curate.forms.words import bare
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.folding import folded
from schemas.suggestions import suggestion

LISTED = 20
"""Columns that an error lists."""
NO_HEADER = Bilingual("its first row seems to be no header", "首行似乎不是表头")
NAMES: dict[str, tuple[str, ...]] = {
    "session": (
        "sessionid", "session", "conversationid", "conversation", "dialogid", "dialogueid", "chatid", "threadid",
        "ticketid", "ticket", "caseid", "callid", "convid", "会话id", "会话编号", "会话号", "会话标识", "会话",
        "对话id", "对话编号", "对话号", "对话", "工单id", "工单编号", "工单号", "咨询id", "咨询编号", "咨询号",
        "服务单号", "来访id", "接待id", "id", "编号",
    ),
    "role": (
        "role", "sender", "speaker", "from", "author", "authorrole", "sendertype", "senderrole", "participant",
        "direction", "角色", "发送方", "发送者", "发送人", "发言人", "发言者", "说话人", "发件人", "消息来源",
        "身份", "发送方角色",
    ),
    "turns": (
        "turns", "turncount", "numturns", "numberofturns", "rounds", "messagecount", "messages", "conversations",
        "轮次", "轮数", "对话轮次", "对话轮数", "会话轮次", "交互轮次", "消息数", "消息条数", "对话回合数",
    ),
    "resolved": (
        "resolved", "isresolved", "solved", "issolved", "resolution", "resolutionstatus", "wasresolved",
        "problemsolved", "是否解决", "解决", "是否已解决", "解决状态", "问题是否解决", "是否解决问题", "解决情况",
        "已解决", "是否解决了问题",
    ),
    "score": (
        "csat", "satisfaction", "satisfactionscore", "csatscore", "score", "rating", "stars", "nps",
        "feedbackscore", "满意度", "满意度评分", "满意度分数", "满意度得分", "评分", "服务评分", "会话评分",
        "评价分数", "客户评分", "用户评分", "星级", "得分", "打分", "评价星级",
    ),
    "handed_over": (
        "handedover", "handover", "handoff", "handedoff", "transferred", "transferredtohuman", "transfertohuman",
        "escalated", "isescalated", "escalation", "transfer", "humanhandoff", "humantakeover", "agenttransfer",
        "istransferred", "转人工", "是否转人工", "转接人工", "是否转接", "是否转接人工", "人工介入", "是否人工介入",
        "转人工状态", "是否升级",
    ),
}  # fmt: skip
"""What columns are called, by what they hold; without blanks and signs, the likelier ones first."""
MEASURES = ("resolved", "score", "turns", "handed_over")
"""What is compared, in the order in which it is shown."""


@dataclass(frozen=True)
class LogColumns:
    """The column of each thing, None where there is none, and which of them were guessed."""

    arm: str
    session: str | None = None
    role: str | None = None
    turns: str | None = None
    resolved: str | None = None
    score: str | None = None
    handed_over: str | None = None
    guessed: tuple[str, ...] = ()

    def by_thing(self) -> dict[str, str]:
        """Name the columns that there are, by what they hold."""
        names = {name: getattr(self, name) for name in ("arm", *NAMES)}
        return {thing: column for thing, column in names.items() if column is not None}


def find_columns(header: Sequence[str], named: Mapping[str, str | None], shown: Sequence[str]) -> LogColumns:
    """Find the columns of a table: `named` says them by what they hold, `arm` among them; others are guessed, but for
    one whose name is the empty text.

    Raises InputError for a named column that the table has not; it lists those of `shown`.
    """
    chosen = {thing: _column(header, name, thing, shown) for thing, name in named.items() if name}
    guessed = []
    for thing, names in NAMES.items():
        free = {bare(column): column for column in reversed(header) if column not in chosen.values()}
        found = next((free[name] for name in names if name in free), None)
        if named.get(thing) is None and found is not None:
            chosen[thing] = found
            guessed.append(thing)
    return LogColumns(**chosen, guessed=tuple(guessed))


def _column(header: Sequence[str], name: str, thing: str, shown: Sequence[str]) -> str:
    """Find a column by its name as typed, or without the difference of case, width and blanks."""
    wanted = folded(name).strip()
    found = name if name in header else next((column for column in header if folded(column).strip() == wanted), None)
    if found is None:
        option = thing.replace("_", "-")
        near = suggestion(name, shown[:LISTED]) if shown else NO_HEADER
        raise InputError(
            f"--{option}: there is no column '{name}'; {near.en}", f"--{option}：没有“{name}”这一列；{near.zh}"
        )
    return found
