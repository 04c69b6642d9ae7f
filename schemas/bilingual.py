"""One sentence in the two languages that Hornbook speaks, and the choice between them."""

import os
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Bilingual:
    """The same sentence twice; `str()` gives the one in the language of the session."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.zh if speaking.get() == "zh" else self.en


def language_of_environment() -> Language:
    """Find the language that HORNBOOK_LANG, LC_ALL, LC_MESSAGES or LANG ask for; English when none does."""
    for name in ("HORNBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


NOTHING = Bilingual("", "")
"""Nothing to say, in either language."""
speaking: ContextVar[Language] = ContextVar("speaking", default="en")
