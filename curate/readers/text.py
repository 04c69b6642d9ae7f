"""Plain text: one row a line, or one row a block of lines."""

from collections.abc import Iterator
from typing import Any, ClassVar

from curate.readers import Reader, Row


class Text(Reader):
    """The column is `text`. With `blocks`, an empty line ends a row, and the row counts from its first line."""

    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".log")

    blocks: bool = False

    def rows(self, content: Any) -> Iterator[Row]:
        block: list[str] = []
        start = 1
        for number, line in enumerate((*content.split("\n"), ""), start=1):
            line = line.removesuffix("\r")
            if line.strip():
                start = start if block else number
                block.append(line)
                if self.blocks:
                    continue
            if block:
                yield Row(start, {"text": "\n".join(block)})
            block = []
