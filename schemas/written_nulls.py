"""Words that programs write into an empty cell: `nan`, `NULL`, `[object Object]`, `#REF!`."""

import re

ALWAYS = frozenset(
    word.replace("~", " ")
    for line in (
        "nan -nan +nan null (null) <null> [null] {null} nul nullptr nonetype dbnull system.dbnull null~null",
        r"\n \\n undefined (undefined) <undefined> [object~object] [object~undefined] [object~null] [object]",
        "nat <nat> <na> <nan> 1.#ind -1.#ind 1.#qnan -1.#qnan {} [] [{}]",
        "#n/a #na #ref! #value! #div/0! #name? #num! #null! #spill! #calc! #field! #blocked! #unknown! #n/a!",
        "#error! #err! #n/a~n/a #getting_data",
        "<noinput> <nooutput> no~input <none> <empty> <blank> <unset> (none) (blank) (empty)",
        "(空) （空） (空白) （空白） (无) （无）",
    )
    for word in line.split()
)
"""Whole cells, in lowercase, that nobody types: they are empty wherever they stand."""
PERHAPS = frozenset(("none", "n/a", "n.a.", "n.a", "na", "n\\a", "nil", "无", "無", "暂无", "暫無", "空"))
"""Whole cells, in lowercase, that programs write and people say, too: `无` answers 有备注吗."""
DASHES = re.compile(r"[-‐‑‒–—―−－ー_/\\]{1,6}")
"""Cells of strokes alone, as people fill tables with."""
LONGEST = 20
HAN = re.compile(r"[\u3400-\u9fff]")
ASKS = re.compile(
    r"[?？]|有|哪|什么|什麼|多少|几|吗|嗎|是否|备注|備註|呢|要求"
    r"|\b(?:any|which|what|how many|how much|anything|is there|are there|do you have|does it have|has it)\b",
    re.IGNORECASE,
)
ASKS_FOR_NONE = re.compile(
    r"\b(?:any|which|what|how many|how much|anything|is there|are there|do you have|does it have)\b", re.IGNORECASE
)
ASKS_HOW = re.compile(
    r"如何|怎么|怎麼|怎样|怎樣|为何|为什么|為什麼|为啥|咋|\b(?:how (?:do|can|to|does|should)|why)\b", re.IGNORECASE
)


def may_be_null(text: str) -> bool:
    """Tell whether a text, the whole of a cell, may be a written null."""
    word = text.strip().lower()
    return len(word) <= LONGEST and (word in ALWAYS or word in PERHAPS or DASHES.fullmatch(word) is not None)


def is_null(text: str, before: str) -> bool:
    """Tell whether a text, the whole of a cell, is a written null; `before` is what was said before it.

    What people say, too, is an answer where it answers a question of that kind: `无` to 有备注吗, `None` to "Any
    allergies?"; no answer to 如何退货, nor is an English `None` among Chinese.
    """
    word = text.strip().lower()
    if len(word) > LONGEST:
        return False
    if word in ALWAYS or DASHES.fullmatch(word):
        return True
    if word not in PERHAPS:
        return False
    if HAN.search(word):
        return not ASKS.search(before) or ASKS_HOW.search(before) is not None
    return HAN.search(before) is not None or not ASKS_FOR_NONE.search(before) or ASKS_HOW.search(before) is not None


def is_null_id(text: str) -> bool:
    """Tell whether an id, or a name, is a written null: rows of one NULL are no session."""
    return len(text) <= LONGEST and text.lower() in ALWAYS
