"""Plain text: one row a line, or one row a block of lines."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, ClassVar

from curate.reading.readers import OnNote, RawRow, Reader, lines_of, unheard

TALL = 100_000
"""Lines that one block may have."""


class Text(Reader):
    """The column is `text`. With `blocks`, an empty line ends a row, and the row counts from its first line."""

    title_zh: ClassVar[str] = "只有一列，名为 text。设 blocks 时，空行分隔各行，行号是首行所在的物理行"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".log")

    blocks: bool = False

    def rows(self, content: Any, note: OnNote = unheard) -> Iterator[RawRow]:
        block: list[str] = []
        start = 1
        for number, line in chain(lines_of(content), ((0, ""),)):
            if line.strip():
                start = start if block else number
                block.append(line)
                if self.blocks and len(block) < TALL:
                    continue
            if block:
                text = "\n".join(block)
                yield RawRow(start, {"text": text}, raw=text)
            block = []
