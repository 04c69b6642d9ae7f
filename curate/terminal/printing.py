"""How commands speak: results on standard output, progress and the next step on standard error."""

import json
import sys
from typing import Any

from schemas.bilingual import Words
from schemas.errors import HornbookError


def emit(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def tell(en: str, zh: str) -> None:
    print(Words(en, zh))


def next_step(*commands: str) -> None:
    print(Words("next: ", "下一步："), " | ".join(commands), sep="", file=sys.stderr)


def complain(error: HornbookError, *, content: bool) -> None:
    """Says what is wrong. What a file of unknown encoding would say in each is content: shown to a person at a
    terminal, and only where `content` allows it.
    """
    print(error, file=sys.stderr)
    if content and sys.stderr.isatty():
        for name, text in error.looks:
            shown = "".join(character if character.isprintable() else "·" for character in text)
            print(f"  {name:<10}  {shown}", file=sys.stderr)
