"""Messages that nobody said: hand-overs, withdrawn messages, a platform's own lines between the turns."""

from functools import cache

import polars as pl

from rules.lexicons import lexicon

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
