"""Messages that nobody said: hand-overs, withdrawn messages, a platform's own lines between the turns."""

from functools import cache

import polars as pl

from rules.lexicons import words

LONGEST = 120
"""Characters of the longest notice: more is somebody talking."""


@cache
def _pattern(lexicon: str) -> str:
    return r"\A\s*(?:" + "|".join(words(lexicon)) + r")\s*\z"


def notices_and_greetings(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which messages are notices from end to end, and which the welcome of a robot that comes before any agent."""
    hint = texts.str.contains_any(HINTS + ROBOTS, ascii_case_insensitive=True)
    places = hint.arg_true()
    few = texts.gather(places)
    notices = hint.clone().scatter(places, _matches(few, "notices", HINTS))
    return notices, hint.clone().scatter(places, _matches(few, "robot_greetings", ROBOTS))


def _matches(texts: pl.Series, lexicon: str, hints: list[str]) -> pl.Series:
    hint = texts.str.contains_any(hints, ascii_case_insensitive=True) & (texts.str.len_chars() <= LONGEST)
    if not hint.any():
        return hint
    return hint.scatter(hint.arg_true(), texts.filter(hint).str.contains(_pattern(lexicon)))


HINTS = [
    "撤回", "系统", "自动回复", "自动应答", "通知]", "通知】", "结束", "关闭", "断开", "转接", "终止", "开始", "建立",
    "接入", "转入", "转到", "转给", "加入", "离开", "退出", "排队", "咨询人数", "咨询位置", "咨询用户", "--",
    "message", "chat", "conversation", "session", "connected", "transfer", "joined the", "left the", "entered the",
    "speaking",
]  # fmt: skip
"""Words of which every notice has one: the pattern is tried on these messages alone."""
ROBOTS = ["智能", "机器人", "自动客服", "bot", "assistant"]
