"""HTML around a message, as the interfaces of help desks give it: `<p>Hello</p>`, lines that end in `<br>`."""

import re
from typing import ClassVar

from curate.cleaning import CleaningStep
from schemas.record import Kind

BLOCKS = "p|div|ul|ol|li|blockquote|h[1-6]|section|article|body|html"
OPENS = re.compile(rf"\s*(?:<!--.*?-->\s*)?<(?:{BLOCKS}|span|br)\b[^<>]*>", re.IGNORECASE | re.DOTALL)
CLOSES = re.compile(rf"(?:</(?:{BLOCKS}|span)\s*>|<br\s*/?>)\s*\Z", re.IGNORECASE)
BREAKS = re.compile(rf"<br\s*/?>|</(?:{BLOCKS})\s*>", re.IGNORECASE)
TAGS = re.compile(
    rf"</?(?:{BLOCKS}|span|a|b|i|u|em|strong|font|small)(?:\s[^<>]*)?/?>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
"""What editors of messages write. Whatever else stands in a text, such as a form or a script, makes it code."""
NESTED = re.compile(r"\n\s*\n+")


class Markup(CleaningStep):
    """Only a text that begins and ends with an element of HTML, and has no elements but those of running text."""

    title_zh: ClassVar[str] = "去掉整段包裹的 HTML（<p>…</p>、<br>）"
    order: ClassVar[int] = 15
    kinds: ClassVar[tuple[Kind, ...]] = ("domain", "identity", "refusal")

    def screen(self) -> str | None:
        return r"^\s*<[A-Za-z!]"

    def fix(self, text: str, lang: str = "zh") -> str:
        if not OPENS.match(text) or not CLOSES.search(text):
            return text
        plain = TAGS.sub("", BREAKS.sub("\n", text))
        if "<" in plain or not plain.strip():
            return text
        return NESTED.sub("\n", plain).strip()
