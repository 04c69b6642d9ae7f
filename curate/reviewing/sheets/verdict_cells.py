"""Reads what a reviewer typed: verdicts in any of their words, letters of answers, reasons, and texts of several turns.

What a cell says that nobody can be sure of is a `Misread`, which never quotes it.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from curate.forms.cells import LARGEST, typed, units
from curate.forms.words import plain
from curate.reviewing.in_words import OTHER, REJECT_REASONS
from curate.reviewing.sheets.columns import ALL, NONE
from schemas.bilingual import Bilingual
from schemas.folding import folded
from schemas.review import VERDICT_WORDS, Decision

LIKES: dict[Decision, tuple[str, ...]] = {
    "accept": (
        "√", "✓", "✔", "☑", "✅", "对", "好", "好的", "可以", "行", "没问题", "同意", "已通过", "通过了", "pass",
        "passed", "approve", "approved", "right", "keep",
    ),
    "reject": (
        "×", "✗", "✘", "✕", "✖", "☒", "❌", "╳", "错", "不对", "不行", "不好", "不可以", "不同意", "不接受", "未通过",
        "没通过", "已拒绝", "作废", "fail", "failed", "wrong", "drop", "delete",
    ),
    "edit": (
        "改", "要改", "需改", "需修改", "需要修改", "已修改", "已改", "改过", "修改了", "modify", "modified", "change",
        "changed", "revise", "revised", "fixed",
    ),
    "unsure": ("?", "不知道", "不清楚", "不好说", "看不懂", "没看懂", "难说", "not sure", "don't know", "unknown"),
}  # fmt: skip
"""What people write for verdicts beside the words of the list. `y`, `x` and 是 may mean either, and are not read."""
UNDECIDED = frozenset(
    ("", "-", "--", "—", "——", "/", "n/a", "na", "跳过", "待定", "待审", "待审核", "skip", "pending", "todo")
)
"""What people write where they have not decided yet."""
WORDS: dict[str, Decision] = {
    **{plain(word): verdict for word, verdict in VERDICT_WORDS.items()},
    **{plain(word): verdict for verdict, words in LIKES.items() for word in words},
}
EVERY = frozenset(map(plain, (ALL.en, ALL.zh, "全部", "都对", "都可以", "全对", "全都对", "both", "every")))
NO_ONE = frozenset(map(plain, (NONE.en, NONE.zh, "都不对", "无", "没有", "都不", "都错", "全错", "neither", "no")))
BETWEEN_LETTERS = re.compile(r"[\s,，、;；/+&.。和与及]+|and")
ABOUT_LETTERS = re.compile(r"回答|答案|选项|选择?|正确|对|answers?|options?|holds?|is|are|right|correct")
BETWEEN_REASONS = re.compile(r"[\n,，、;；/|]+")
MARK = re.compile(r"(?:(?<=\s)|\A)[\[［【〔]\s*([0-9]{1,3})\s*[\]］】〕]\s*[:：]?\s*")
"""How the text of an earlier turn begins: [2]."""
BARE_MARK = re.compile(r"^[ \t]*([0-9]{1,3})\s*[:：]\s*", re.MULTILINE)


def _reasons() -> tuple[dict[str, str], frozenset[str]]:
    """Give the names of reasons by all their words, and what is said behind the comma of one: see the note."""
    by_word: dict[str, str] = {}
    beside: set[str] = set()
    for name, words in REJECT_REASONS.items():
        for title in (words.en, words.zh):
            first, *more = BETWEEN_REASONS.split(title)
            by_word |= {plain(word): name for word in (name, title, first)}
            beside |= {*map(plain, more)}
    return by_word, frozenset(beside)


REASONS, BESIDE = _reasons()


class Misread(NamedTuple):
    """A cell that nobody can be sure of: its column, and what is wrong with it."""

    column: str
    what: Bilingual


UNKNOWN_VERDICT = Misread(
    "verdict", Bilingual("is none of accept, edit, reject and cannot tell", "不是“通过、修改、拒绝、看不准”中的一个")
)
UNKNOWN_LETTER = Misread("holds", Bilingual("names an answer that is not there", "里有不存在的回答"))
CUT_OFF = Bilingual("is cut off: a cell holds 32,767 characters", "被截断了：一个单元格最多 32,767 个字符")
UNKNOWN_TURN = Misread("other_turns", Bilingual("names a turn that is not there", "里有不存在的轮次"))
UNNUMBERED = Misread(
    "other_turns", Bilingual("does not begin with the number of a turn, such as [1]", "没有以轮次编号（如 [1]）开头")
)
TURN_TWICE = Misread("other_turns", Bilingual("names a turn twice", "里同一轮次出现两次"))


def read_verdict(cell: str) -> Decision | Misread | None:
    """Read a verdict; None where it is not decided yet."""
    word = plain(cell)
    if word in UNDECIDED:
        return None
    return WORDS.get(word, UNKNOWN_VERDICT)


def read_letters(cell: str, letters: Mapping[str, str]) -> tuple[str, ...] | Misread | None:
    """Read which answers hold, as their ids; empty for none of them, None where nothing is said."""
    word = plain(cell)
    if word in UNDECIDED:
        return None
    if word in EVERY or word in NO_ONE:
        return tuple(letters.values()) if word in EVERY else ()
    text = ABOUT_LETTERS.sub(" ", folded(typed(cell)))
    parts = [part.upper() for part in map(plain, BETWEEN_LETTERS.split(text)) if part]
    if not set(parts) <= set(letters):
        parts = [letter for part in parts for letter in part]
    if not set(parts) <= set(letters):
        return UNKNOWN_LETTER
    return tuple(id for letter, id in letters.items() if letter in parts)


def read_reasons(cell: str) -> tuple[tuple[str, ...], str]:
    """Read reasons in either language or by the names of rules, and what of them is in other words: that is a note."""
    text = typed(cell)
    if plain(text) in REASONS:
        return (REASONS[plain(text)],), ""
    parts = [part for part in map(typed, BETWEEN_REASONS.split(text)) if part and plain(part) not in BESIDE]
    unknown = [part for part in parts if plain(part) not in REASONS]
    named = [REASONS[plain(part)] for part in parts if plain(part) in REASONS]
    return tuple(dict.fromkeys([*named, *[OTHER] * bool(unknown)])), "; ".join(unknown)


def read_turns(cell: str, from_end: Callable[[int], int | None]) -> dict[int, str] | Misread:
    """Read the texts of earlier turns, by their numbers counted from the end; `from_end` knows those of the sheet.

    Where a conversation has one earlier answer, its number may be left out.
    """
    text = typed(cell)
    if not text:
        return {}
    if units(cell) >= LARGEST:
        return Misread("other_turns", CUT_OFF)
    marks = [*MARK.finditer(text)] or [match for match in BARE_MARK.finditer(text) if from_end(int(match[1]))]
    if not marks:
        return {2: text} if from_end(2) == 1 else UNNUMBERED
    if marks[0].start():
        return UNNUMBERED
    ends = [*(match.start() for match in marks[1:]), len(text)]
    turns: dict[int, str] = {}
    for match, end in zip(marks, ends, strict=True):
        turn, words = from_end(int(match[1])), text[match.end() : end].strip()
        if turn is None or turn in turns:
            return UNKNOWN_TURN if turn is None else TURN_TWICE
        turns[turn] = words
    return {turn: words for turn, words in turns.items() if words}
