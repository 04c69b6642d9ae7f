"""How commands speak: results on standard output, progress and the next step on standard error."""

import json
import sys
from typing import Any

from curate.terminal.plain_stream import CONTROL, SHOWN
from schemas.bilingual import Bilingual
from schemas.errors import HornbookError


def emit(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def echo(en: str, zh: str) -> None:
    """Print a sentence in the language of the session."""
    print(Bilingual(en, zh))


def plain(text: str) -> str:
    """Show a dot in the place of each control character."""
    return CONTROL.sub(SHOWN, text)


def next_step(*commands: str) -> None:
    """Suggest what to run next."""
    print(Bilingual("next: ", "下一步："), plain(" | ".join(commands)), sep="", file=sys.stderr)


def complain(error: HornbookError, *, content: bool) -> None:
    """Print what is wrong.

    For a file of unknown encoding the error carries previews of its text in each candidate. They are content of the
    file: shown to a person at a terminal only, and only where `content` allows it.
    """
    print(plain(str(error)), file=sys.stderr)
    if content and sys.stderr.isatty():
        for name, text in error.previews:
            shown = "".join(character if character.isprintable() else SHOWN for character in text)
            print(f"  {name:<10}  {shown}", file=sys.stderr)
