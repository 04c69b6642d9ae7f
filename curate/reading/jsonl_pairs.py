"""Reads JSON Lines by the block where one program wrote all lines alike: questions and answers without an escape.

A line is taken when it stands whole in a strict pattern, which is made of a line that the JSON parser has read: the
same keys in the same order, and texts of nothing but what JSON lets stand for itself. Whatever else a line is (escapes,
other keys, no JSON, an empty question) goes the way of single rows, so that both ways read the same.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from curate.reading.readers import Row
from curate.reading.readers._json import row_of_line
from curate.reading.turn_table import Plain

TEXT = r'[^"\\\x00-\x1f]*'
"""What stands in a JSON string for itself: no quotation mark, no escape, no control character."""
SAID = rf'[^"\\\s\x00-\x1f]{TEXT}'
"""The same, and not empty or of white space alone: it begins with something else."""
TRIED = 20
"""Lines of a block of which one is to show how they are written."""
WIDEST = 2_000
"""Characters of all that stands around the values, of which a pattern is made."""
NO_TEXTS = pl.Series([], dtype=pl.String)


class Shape(NamedTuple):
    """How a program writes its lines: the pattern of a whole one, and which part of it, when it is split at quotation
    marks, is the question and which the answer.
    """

    pattern: str
    question: int
    answer: int


@dataclass(frozen=True)
class Block:
    """The rows of some lines: `numbers` of those taken, with question and answer of each in `texts`; all other lines
    that are not empty.
    """

    numbers: NDArray[np.int64]
    texts: pl.Series
    others: list[tuple[int, str]]

    def __len__(self) -> int:
        return len(self.numbers) + len(self.others)

    def cut(self, rows: int) -> tuple["Block", "Block"]:
        """The first rows, and the rest."""
        of_others = [number for number, _ in self.others]
        last = np.sort(np.concatenate([self.numbers, np.array(of_others, dtype=np.int64)]))[rows - 1]
        taken, other = int(np.searchsorted(self.numbers, last, "right")), bisect_right(of_others, last)
        return (
            Block(self.numbers[:taken], self.texts[: 2 * taken], self.others[:other]),
            Block(self.numbers[taken:], self.texts[2 * taken :], self.others[other:]),
        )


class PlainLines:
    """The rows of a file whose pieces are each one text that ends at a line feed."""

    def __init__(self, pieces: Iterator[pl.Series], question: str, answer: str) -> None:
        self._columns = question, answer
        self._blocks = self._read(pieces)
        self._rest: Block | None = None
        self._shape: Shape | None = None

    def others(self, plain: Plain, most: int) -> Iterator[Row]:
        """Gives `plain` the rows that are like each other, and the caller all others: `most` rows together."""
        while most and (block := self._rest or next(self._blocks, None)):
            block, self._rest = block.cut(most) if len(block) > most else (block, None)
            most -= len(block)
            plain.take(block.numbers, block.texts)
            yield from starmap(row_of_line, block.others)

    def _read(self, pieces: Iterator[pl.Series]) -> Iterator[Block]:
        before = 0
        for piece in pieces:
            lines = piece.str.split("\n").explode()
            if not lines[-1]:
                lines = lines[:-1]  # nothing: the piece ends at a line feed
            if block := self._block(lines, before):
                yield block
            before += len(lines)

    def _block(self, lines: pl.Series, before: int) -> Block:
        alike = self._alike(lines)
        others = []
        for place, line in zip((~alike).arg_true().to_list(), lines.filter(~alike).to_list(), strict=True):
            if line and not line.isspace():
                others.append((before + place + 1, line.removesuffix("\r")))
        parts = lines.filter(alike).str.split('"')
        texts = parts.list.gather([self._shape.question, self._shape.answer]).explode() if self._shape else NO_TEXTS
        return Block(np.flatnonzero(alike) + (before + 1), texts, others)

    def _alike(self, lines: pl.Series) -> pl.Series:
        """Which lines have the usual shape. Looks for another one where most have not."""
        alike = _matches(lines, self._shape)
        if 2 * alike.sum() >= len(lines):
            return alike
        first = lines.filter(~alike).head(TRIED).to_list()
        shapes = (shape_of(line.removesuffix("\r"), *self._columns) for line in first)
        shape = next(filter(None, shapes), None)
        others = _matches(lines, shape)
        if others.sum() <= alike.sum():
            return alike
        self._shape = shape
        return others


def _matches(lines: pl.Series, shape: Shape | None) -> pl.Series:
    return lines.str.contains(shape.pattern) if shape else pl.repeat(False, len(lines), eager=True)


def shape_of(line: str, question: str, answer: str) -> Shape | None:
    """How the line is written. None where it does not show it: no object, a key twice, an escape, a value that is no
    text, or not the two columns.
    """
    if "\\" in line:
        return None
    try:
        value = orjson.loads(line)
    except ValueError:
        return None
    if type(value) is not dict or set(map(type, value.values())) != {str} or not {question, answer} <= value.keys():
        return None
    parts = line.split('"')  # around the columns, then a key, a colon, a value, a comma, a key ...
    if len(parts) != 4 * len(value) + 1 or sum(map(len, parts)) - sum(map(len, parts[3::4])) > WIDEST:
        return None
    asked, said = (3 + 4 * list(value).index(name) for name in (question, answer))
    written = [pl.escape_regex(part) for part in parts]
    written[3::4] = [TEXT] * len(value)
    written[asked] = SAID
    return Shape("^" + '"'.join(written) + "\r?$", asked, said)
