"""What cleaning must not touch inside a text: programs, web addresses, mail addresses."""

import re
from collections.abc import Callable

PROTECTED = re.compile(
    r"```.*?(?:```|\Z)"
    r"|`[^`\n]+`"
    r"|(?:https?|ftp)://[A-Za-z0-9!#-;=?-Z_a-z~\[\]]+(?:(?<=[/=_-])[^\x00-\x7f\s，。！？；：（）“”、…]+[A-Za-z0-9!#-;=?-Z_a-z~]*)*"
    r"|(?<![A-Za-z0-9])www\.[A-Za-z0-9!#-;=?-Z_a-z~]+"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+",
    re.DOTALL,
)
"""Fenced and inline code, addresses of the web and of mail. Han goes on with an address only right behind / = _ -."""
SIGNS = ("`", "://", "@", "www.")
"""A text without any of them has nothing that is protected."""
CODE_LINE = re.compile(
    r"[{};|\\=<>]|->|::|\t|^\s*(?:#|//|--|\$ |>>> |def |class |import |from |return\b|for |while |if |print|SELECT )"
)
"""A line that may be code, a table or a drawing though nobody fenced it in: its spaces may mean something."""


def outside(text: str, repair: Callable[[str], str]) -> str:
    """Repair each segment of the text that is not protected."""
    if not any(sign in text for sign in SIGNS):
        return repair(text)
    segments, last = [], 0
    for match in PROTECTED.finditer(text):
        segments += [repair(text[last : match.start()]), match[0]]
        last = match.end()
    return "".join([*segments, repair(text[last:])]) if last else repair(text)
