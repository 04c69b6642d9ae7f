"""Standard output and error without control characters of files: a name or a text must not command a terminal."""

import re
from typing import Any

CONTROL = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
"""What moves a cursor or clears a screen; colours, tabs and line ends pass."""
SHOWN = "·"


class PlainStream:
    """A stream of text that shows a dot in the place of a control character; all else is that of the stream inside."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return int(self._stream.write(CONTROL.sub(SHOWN, text)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
