"""Messages that nobody said: hand-overs, withdrawn messages, a platform's own lines between the turns."""

from functools import cache

import polars as pl

from rules.lexicons import words

LONGEST = 120
"""Characters of the longest notice: more is somebody talking."""


@cache
def _pattern() -> str:
    return r"\A\s*(?:" + "|".join(words("notices")) + r")\s*\z"


def is_notice(texts: pl.Series) -> pl.Series:
    """Which messages are notices from end to end, a bool each."""
    hint = texts.str.contains_any(HINTS, ascii_case_insensitive=True) & (texts.str.len_chars() <= LONGEST)
    if not hint.any():
        return hint
    return hint.scatter(hint.arg_true(), texts.filter(hint).str.contains(_pattern()))


HINTS = [
    "撤回", "系统", "自动回复", "自动应答", "通知", "会话", "对话", "聊天", "咨询", "接入", "转接", "转入", "转到",
    "转给", "加入", "离开", "退出", "长时间", "分钟", "排队", "以上", "以下", "消息", "message", "chat",
    "conversation", "session", "connected", "transfer", "joined", "left", "entered", "speaking",
]  # fmt: skip
"""Words of which every notice has one: the pattern is tried on these messages alone."""
