"""Placeholders that a template left behind: a model that trains on one learns to say it."""

import re

NAMES = "name|author|assistant|bot_?name|company|developer|名字|名称|姓名|作者|开发者|公司|助手"
"""What a placeholder for the identity is called, in any case."""
NAME_PLACEHOLDER = (
    rf"(?i)\{{\{{\s*(?:{NAMES})\s*\}}\}}|｛｛\s*(?:{NAMES})\s*｝｝|\$\{{\s*(?:{NAMES})\s*\}}"
    rf"|\{{(?:{NAMES})\}}|<(?:{NAMES.upper()})>"
)
"""Matches a placeholder for the assistant or its author, in every common spelling. No look-around: polars takes it.

`<name>` in lowercase letters is matched too: it is no HTML element. JSON such as `{"name": 1}` is not.
"""
ANY_PLACEHOLDER = rf"\{{\{{[^{{}}\n]{{1,40}}\}}\}}|｛｛[^｛｝\n]{{1,40}}｝｝|{NAME_PLACEHOLDER.removeprefix('(?i)')}"
"""Also masks that a platform put in, such as `{{Order Number}}`: those are content in a log, but not in an identity."""

_NAME = re.compile(NAME_PLACEHOLDER)
_ANY = re.compile(ANY_PLACEHOLDER, re.IGNORECASE)


def name_placeholders(text: str) -> list[str]:
    """Find the placeholders for the assistant's name or author, in order."""
    return _NAME.findall(text)


def placeholders(text: str) -> list[str]:
    """Find every placeholder, masks of platforms among them."""
    return _ANY.findall(text)
