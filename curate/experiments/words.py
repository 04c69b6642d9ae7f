"""What cells of a log say: yes, no, nothing, or a number. In Chinese and English, as exports write them."""

import math
import re
from collections.abc import Iterable

from curate.forms.words import simplified
from schemas.folding import folded

NOTHING = frozenset((
    "", "-", "--", "—", "——", "–", "/", "\\", "\\n", "n/a", "na", "n.a.", "nan", "null", "none", "nil", "unknown",
    "#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "not rated", "unrated", "not available", "no rating",
    "未知", "不详", "未评价", "未评", "未评分", "无评价", "无评分", "未填", "未填写", "暂无", "空", "(空)", "(blank)",
    "(null)", "待评价", "系统默认",
))  # fmt: skip
"""Words for a cell without a value: nobody knows."""
NO_ARM = frozenset(("", "-", "--", "—", "/", "n/a", "#n/a", "nan", "null", "(空)", "(blank)", "(null)"))
"""Words for no arm: fewer, since an arm may well be called `none`."""
YES = frozenset((
    "1", "y", "yes", "t", "true", "on", "是", "是的", "对", "真", "有", "√", "✓", "✔", "☑", "✅",
))  # fmt: skip
NO = frozenset((
    "0", "n", "no", "f", "false", "off", "否", "不是", "不", "假", "没", "没有", "×", "✗", "✘", "✕", "☒", "❌",
))  # fmt: skip
RESOLVED = frozenset((
    "resolved", "solved", "closed - resolved", "fixed", "resolved by bot", "已解决", "解决", "解决了", "已处理",
    "问题已解决", "有用", "已结案",
))  # fmt: skip
UNRESOLVED = frozenset((
    "unresolved", "unsolved", "not resolved", "not solved", "not fixed", "未解决", "没解决", "没有解决",
    "没有解决问题", "尚未解决", "不解决", "无解决", "未处理", "问题未解决", "没用", "无用",
))  # fmt: skip
HANDED_OVER = frozenset((
    "human", "agent", "transferred", "transfer", "escalated", "handed over", "handed off", "handover", "handoff",
    "转人工", "已转人工", "转接人工", "已转接", "已转", "人工", "人工接待", "转接", "升级人工",
))  # fmt: skip
NOT_HANDED_OVER = frozenset((
    "bot", "not transferred", "not escalated", "not handed over", "self-service", "未转人工", "没转人工",
    "没有转人工", "不转人工", "未转接", "未转", "无转人工", "无", "机器人", "机器人接待", "仅机器人", "自助",
))  # fmt: skip
WORDS = {
    "resolved": (YES | RESOLVED, NO | UNRESOLVED),
    "handed_over": (YES | HANDED_OVER, NO | NOT_HANDED_OVER),
}
"""By measure, the words for yes and those for no."""
NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d+|,\d{1,2})?|\.\d+))\s*(%|分|星|颗星|个?星|stars?|points?|pts?)?")
WHOLE = re.compile(r"(\d+)\.0+")


def plain_word(cell: str) -> str:
    """Make a cell comparable: no width, case or spaces around, simplified characters; 1.0 is 1, as a spreadsheet wrote
    it.
    """
    word = " ".join(simplified(folded(cell)).split())
    whole = WHOLE.fullmatch(word)
    return whole[1] if whole else word


def is_nothing(cell: str) -> bool:
    """Tell whether a cell has no value."""
    return plain_word(cell) in NOTHING


class Truths:
    """The words of a column for yes and no; those that the user names go first."""

    def __init__(self, measure: str, yes: Iterable[str] = (), no: Iterable[str] = ()) -> None:
        self._yes, self._no = WORDS[measure]
        self._named = {plain_word(word): True for word in yes} | {plain_word(word): False for word in no}

    def knows(self, cell: str) -> bool:
        """Tell whether a cell says yes, no or nothing."""
        word = plain_word(cell)
        return word in self._named or word in self._yes or word in self._no or word in NOTHING

    def read(self, cell: str) -> bool | None:
        """Read a cell that is known: yes, no, or None for nothing."""
        word = plain_word(cell)
        if word in self._named:
            return self._named[word]
        return True if word in self._yes else False if word in self._no else None


def number_of(cell: str) -> float | None:
    """Read a number: 4.5, 4,5, ５分, 4 stars; 80 % is 0.8. None where it is no number."""
    match = NUMBER.fullmatch(plain_word(cell))
    if match is None:
        return None
    value = float(match[1].replace(",", "."))
    return value / 100 if match[2] == "%" else value if math.isfinite(value) else None
