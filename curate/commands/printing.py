"""How commands speak: results on standard output, progress and the next step on standard error."""

import json
import sys
from typing import Any

from schemas.words import Words


def emit(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def tell(en: str, zh: str) -> None:
    print(Words(en, zh))


def next_step(*commands: str) -> None:
    print(Words("next: ", "下一步："), " | ".join(commands), sep="", file=sys.stderr)
