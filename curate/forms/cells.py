"""Texts in cells: what every spreadsheet shows as it is, and what spreadsheets leave around it."""

import re

from curate.publish.export_formats.csv import escaped, without_formula
from curate.reading.readers import is_blank

SPEAKERS = {
    "zh": {"system": "系统", "user": "客户", "assistant": "客服"},
    "en": {"system": "System", "user": "Customer", "assistant": "Assistant"},
}
COLON = {"zh": "：", "en": ": "}
LONGEST = 32_000
"""Characters of a cell that we write; a spreadsheet takes 32,767."""
LARGEST = 32_767
"""UTF-16 units of a cell: Excel cuts what is longer."""
ASTRAL = re.compile("[\U00010000-\U0010ffff]")
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no sheet can hold: control characters, and halves of a pair."""
VALUE = re.compile(
    r"[\W\d_]*(?:(?:[年月日时分秒点]|e|[ap]m?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)[\W\d_]*){0,6}",
    re.IGNORECASE,
)
"""Numbers, times and dates."""
TRUTHS = ("true", "false")
LINE_FEEDS = re.compile(r"(?:_x000D_|\r)*\n|\r|_x000D_", re.IGNORECASE)
TRAILING = re.compile(r"[ \t\u00a0\u3000]+$", re.MULTILINE)


def units(text: str) -> int:
    """Count a text as spreadsheets do, in UTF-16."""
    return len(text) + len(ASTRAL.findall(text))


def fitted(text: str) -> str:
    """Cut a text to what a cell holds, and show that it was cut."""
    return text if units(text) <= LONGEST else f"{_cut(text)} …"


def fitted_end(text: str) -> str:
    """Do the same, and keep the end of the text."""
    return text if units(text) <= LONGEST else f"… {_cut(text[::-1])[::-1]}"


def _cut(text: str) -> str:
    text = text[:LONGEST]
    while (over := units(text) - LONGEST) > 0:
        text = text[: len(text) - (over + 1) // 2]
    return text


def writable(text: str) -> str:
    """Write a text as a cell holds it: with line feeds alone, and without what no sheet can hold."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown_as_text(cell: str) -> str:
    """Write a cell of a CSV that a spreadsheet neither runs nor takes for a number or a date: with `'` in front."""
    is_value = VALUE.fullmatch(cell.strip()) and any(map(str.isdigit, cell))
    return f"'{cell}" if is_value or cell.strip().lower() in TRUTHS else escaped(cell)


def with_line_feeds(cell: str) -> str:
    """Write the ends of lines in a cell as one character, whatever a program made of them."""
    return LINE_FEEDS.sub("\n", cell)


def typed(cell: str) -> str:
    """Read what a person typed into a cell: without the marks of a spreadsheet, and blanks at the ends of lines."""
    if is_blank((cell,)):
        return ""
    return without_formula(TRAILING.sub("", with_line_feeds(cell)).strip())
