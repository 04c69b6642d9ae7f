"""The right language in the wrong letters."""

import re
import unicodedata
from functools import cache
from typing import ClassVar

from curate.cleaning.chinese import simplified_characters
from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from schemas.identity import Identity

PINYIN = re.compile(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")


class WrongScript(Check):
    """Traditional characters where the parent has simplified ones, or the other way; pinyin; in English letters of
    another script, Cyrillic look-alikes among them.
    """

    title_zh: ClassVar[str] = "字形不符：简体原文写成繁体（或相反）、写成拼音；英文里混入其他文字（含形近的西里尔字母）"
    rank: ClassVar[int] = 12
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("你是真人還是機器人？", "請問跟我對話的是機器還是活人呢？"),
            zh("我的皇后号在里面", "后来那个号在里面"),
            en("Is the café open?", "Does the café open?"),
        ),
        refuses=(
            zh("银行卡丢了怎么挂失？", "銀行卡遺失了怎麼辦"),
            zh("訂單還沒到", "订单到现在还没送来"),
            en("what do people call you", "whаt do pеоple cаll you"),
            en("Where is the parcel?", "Where did the 包裹 go?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text, candidate.parent
        if not candidate.is_chinese:
            return bool(_foreign_letters(text) - _foreign_letters(f"{candidate.question}{candidate.answer}"))
        ours, theirs = _scripts(parent), _scripts(text)
        known = set(parent) | set(candidate.question) | set(candidate.answer)
        new = {script for script in theirs if {char for char in text if char in _only(script)} - known}
        if ours and new - ours:
            return True
        return (not ours and "traditional" in new) or (bool(PINYIN.search(text)) and not PINYIN.search(parent))


@cache
def _only(script: str) -> frozenset[str]:
    """List the characters that are written in one of both scripts alone: those that a coding of the other lacks."""
    table = simplified_characters()
    if script == "traditional":
        return frozenset(char for char in table if not _encodes(char, "gb2312"))
    return frozenset(char for char in table.values() if not _encodes(char, "big5"))


def _encodes(char: str, coding: str) -> bool:
    try:
        char.encode(coding)
    except UnicodeEncodeError:
        return False
    return True


def _scripts(text: str) -> set[str]:
    return {script for script in ("traditional", "simplified") if any(char in _only(script) for char in text)}


def _foreign_letters(text: str) -> set[str]:
    """List the letters of a text that are not Latin."""
    return {
        char
        for char in text
        if char.isalpha() and not unicodedata.name(char, "LATIN").startswith(("LATIN", "FEMININE", "MASCULINE"))
    }
