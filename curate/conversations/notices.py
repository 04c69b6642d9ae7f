"""Messages that nobody said: hand-overs, withdrawn messages, a platform's own lines between the turns."""

import re
from functools import cache

import polars as pl

from rules.lexicons import lexicon
from schemas.formats.turns import WITHDRAWN

LONGEST = 120
"""Characters of the longest notice: more is somebody talking."""
NOTICE_HINTS = [
    "撤回", "系统", "自动回复", "自动应答", "通知]", "通知】", "结束", "关闭", "断开", "转接", "终止", "开始", "建立",
    "接入", "转入", "转到", "转给", "加入", "离开", "退出", "排队", "咨询人数", "咨询位置", "咨询用户", "--",
    "message", "chat", "conversation", "session", "connected", "transfer", "joined the", "left the", "entered the",
    "speaking",
]  # fmt: skip
"""Words of which every notice has one: the pattern is tried on these messages alone."""
GREETING_HINTS = ["智能", "机器人", "自动客服", "bot", "assistant"]
"""Words of which every greeting of a robot has one."""

WITHDRAWAL = re.compile(
    r"(?i)(?:(?P<who>.{0,40}?)[ “”\"]*(?:已)?撤回了?一[条則则](?:消息|訊息))"
    r"|(?:(?P<name>.{0,40}?) (?:has |have )?(?:unsent|deleted|recalled|withdrew|retracted) (?:a|this|the|their) "
    r"message)"
    r"|(?:this message was (?:deleted|recalled|unsent|withdrawn))"
)
WITHDRAWAL_HINTS = ["撤回", "unsent", "deleted", "recalled", "withdrew", "retracted", "withdrawn"]
SIDES = (
    (
        "user",
        re.compile(r"(?i)顾客|客户|用户|买家|访客|会员|对方|顧客|客戶|用戶|customer|client|visitor|buyer|user|caller"),
    ),
    ("assistant", re.compile(r"(?i)客服|坐席|座席|商家|卖家|店|你|您|我|agent|support|staff|operator|seller|you\b")),
)
"""Whom a notice of a withdrawal may name."""
SPOKEN = ("user", "assistant")
NOBODY = "notice"


@cache
def _pattern(name: str) -> str:
    return r"\A\s*(?:" + "|".join(lexicon(name)) + r")\s*\z"


def notices_and_greetings(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Tell which messages are notices from end to end, and which the welcome of a robot that comes before any agent."""
    hinted = texts.str.contains_any(NOTICE_HINTS + GREETING_HINTS, ascii_case_insensitive=True)
    indices = hinted.arg_true()
    candidates = texts.gather(indices)
    notices = hinted.clone().scatter(indices, _matches(candidates, "notices", NOTICE_HINTS))
    return notices, hinted.clone().scatter(indices, _matches(candidates, "robot_greetings", GREETING_HINTS))


def _matches(texts: pl.Series, name: str, hints: list[str]) -> pl.Series:
    """Tell which texts a line of the lexicon matches as a whole; only those with a hint are looked at."""
    hinted = texts.str.contains_any(hints, ascii_case_insensitive=True) & (texts.str.len_chars() <= LONGEST)
    if not hinted.any():
        return hinted
    return hinted.scatter(hinted.arg_true(), texts.filter(hinted).str.contains(_pattern(name)))


def withdrawn(turns: pl.DataFrame, texts: pl.Series, is_notice: pl.Series) -> pl.Series:
    """Tell which turns were withdrawn, by the notices of the platform that say so: the last message before it of the
    side that it names. `turns` has `key` (the session) and `role`, in their order; `texts` and `is_notice` stand beside
    them.

    A notice that stands in place of the message, said by its own side, takes no other with it.
    """
    found = pl.repeat(False, turns.height, dtype=pl.Boolean, eager=True)
    announced = is_notice & texts.str.contains_any(WITHDRAWAL_HINTS, ascii_case_insensitive=True)
    if not announced.any():
        return found
    keys = turns["key"].to_list()
    roles = turns["role"].set(is_notice, NOBODY).to_list()
    taken: set[int] = set()
    for index in announced.arg_true().to_list():
        match = WITHDRAWAL.search(texts[index])
        before = match and _withdrawn_before(index, match, keys, roles, turns["role"][index])
        if before is not None:
            taken.add(before)
            roles[before] = NOBODY
    return found.scatter(sorted(taken), True)


def _withdrawn_before(index: int, match: re.Match[str], keys: list[int], roles: list[str], speaker: str) -> int | None:
    """Find the message that the notice at `index` is about; `speaker` is under whose name it stands."""
    who = match["who"] or match["name"] or ""
    side = next((side for side, words in SIDES if words.search(who)), None)
    own = speaker if speaker in SPOKEN else None
    if own and not (side == own and who.strip(' “”"') not in ("你", "您", "我", "You", "you")):
        return None  # it stands where the message stood
    for before in range(index - 1, -1, -1):
        if keys[before] != keys[index] or roles[before] == WITHDRAWN:
            return None
        if roles[before] not in SPOKEN:
            continue
        if side in (None, roles[before]):
            return before
        if own:
            return None
    return None
