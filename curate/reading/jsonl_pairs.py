"""Reads JSON Lines by the block where one program wrote all lines alike: questions and answers without an escape.

A line is taken when it stands whole in a strict pattern, which is made of a line that the JSON parser has read: the
same keys in the same order, and texts of nothing but what JSON lets stand for itself. Whatever else a line is (escapes,
other keys, no JSON, an empty question) goes the way of single rows, so that both ways read the same.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from curate.reading.readers import RawRow
from curate.reading.readers._json import row_of_line
from curate.reading.turn_table import PairColumns
from schemas.formats._beside import BESIDE

TEXT = r'[^"\\\x00-\x1f]*'
"""What stands in a JSON string for itself: no quotation mark, no escape, no control character."""
NOT_BLANK = rf'[^"\\\s\x00-\x1f]{TEXT}'
"""The same, and not empty or of white space alone: it begins with something else."""
TRIED = 20
"""Lines of a block of which one is to show how they are written."""
WIDEST = 2_000
"""Characters of all that stands around the values, of which a pattern is made."""
NO_TEXTS = pl.Series([], dtype=pl.String)


class LineShape(NamedTuple):
    """How a program writes its lines: the pattern of a whole one, and the index of the question and of the answer when
    it is split at quotation marks; also of the value of each other key.
    """

    pattern: str
    question: int
    answer: int
    others: dict[str, int]


@dataclass(frozen=True)
class Block:
    """The rows of some lines: `numbers` of those taken, with question and answer of each in `texts`; all other lines
    that are not empty.
    """

    numbers: NDArray[np.int64]
    texts: pl.Series
    others: list[tuple[int, str]]
    filled: Mapping[str, int]
    """In how many of the rows taken each other key is filled."""

    def __len__(self) -> int:
        return len(self.numbers) + len(self.others)

    def cut(self, rows: int) -> tuple["Block", "Block"]:
        """Cut the block into its first `rows` rows and the rest; what is filled in both is told of the first."""
        other_numbers = [number for number, _ in self.others]
        both = np.sort(np.concatenate([self.numbers, np.array(other_numbers, dtype=np.int64)]))
        last = both[rows - 1]

        # Both lists of numbers are sorted: the row number of the last line says where each of them is cut.
        end, other_end = int(np.searchsorted(self.numbers, last, "right")), bisect_right(other_numbers, last)
        return (
            Block(self.numbers[:end], self.texts[: 2 * end], self.others[:other_end], self.filled),
            Block(self.numbers[end:], self.texts[2 * end :], self.others[other_end:], {}),
        )


class JsonlPairs:
    """The rows of a file whose chunks are each one text that ends at a line feed."""

    def __init__(self, chunks: Iterator[pl.Series], question: str, answer: str) -> None:
        self._columns = question, answer
        self._blocks = self._read(chunks)
        self._rest: Block | None = None
        self._shape: LineShape | None = None

    def others(self, plain: PairColumns, limit: int) -> Iterator[RawRow]:
        """Give `plain` the rows that are like each other, and yield all others: `limit` rows together."""
        while limit and (block := self._rest or next(self._blocks, None)):
            block, self._rest = block.cut(limit) if len(block) > limit else (block, None)
            limit -= len(block)
            plain.take(block.numbers, block.texts, block.filled)
            yield from starmap(row_of_line, block.others)

    def _read(self, chunks: Iterator[pl.Series]) -> Iterator[Block]:
        before = 0
        for chunk in chunks:
            lines = chunk.str.split("\n").explode()
            if not lines[-1]:
                lines = lines[:-1]  # nothing: the chunk ends at a line feed
            if block := self._block(lines, before):
                yield block
            before += len(lines)

    def _block(self, lines: pl.Series, before: int) -> Block:
        """Divide the lines into those of the usual shape and the others; `before` lines came earlier in the file."""
        alike = self._alike(lines)
        others = []
        for index, line in zip((~alike).arg_true().to_list(), lines.filter(~alike).to_list(), strict=True):
            if line and not line.isspace():
                others.append((before + index + 1, line.removesuffix("\r")))
        strings = lines.filter(alike).str.split('"')
        numbers = np.flatnonzero(alike) + (before + 1)
        if self._shape is None:
            return Block(numbers, NO_TEXTS, others, {})
        texts = strings.list.gather([self._shape.question, self._shape.answer]).explode()
        filled = {key: int((strings.list.get(at) != "").sum()) for key, at in self._shape.others.items()}
        return Block(numbers, texts, others, filled)

    def _alike(self, lines: pl.Series) -> pl.Series:
        """Tell which lines have the usual shape. Looks for another shape where most lines have not."""
        alike = _matches(lines, self._shape)
        if 2 * alike.sum() >= len(lines):
            return alike

        # The program may have changed its way: the shape of one of the first other lines, if more lines have that one.
        first = lines.filter(~alike).head(TRIED).to_list()
        shapes = (shape_of(line.removesuffix("\r"), *self._columns) for line in first)
        shape = next(filter(None, shapes), None)
        others = _matches(lines, shape)
        if others.sum() <= alike.sum():
            return alike
        self._shape = shape
        return others


def _matches(lines: pl.Series, shape: LineShape | None) -> pl.Series:
    return lines.str.contains(shape.pattern) if shape else pl.repeat(False, len(lines), eager=True)


def shape_of(line: str, question: str, answer: str) -> LineShape | None:
    """Find how the line is written. None where it does not show it: no object, a key twice, an escape, a value that is
    no text, not the two columns, or one that changes what is learnt of them.
    """
    if "\\" in line:
        return None
    try:
        value = orjson.loads(line)
    except ValueError:
        return None
    if type(value) is not dict or set(map(type, value.values())) != {str} or not {question, answer} <= value.keys():
        return None
    if not BESIDE.isdisjoint(value):
        return None

    # Split at quotation marks, an object of n texts is 4n + 1 strings: what opens it, then for each entry the key, the
    # colon, the value and the comma (or what closes it). Every fourth string from the third on is thus a value; a key
    # that stands twice makes more strings than the parsed object has entries for.
    strings = line.split('"')
    if len(strings) != 4 * len(value) + 1 or sum(map(len, strings)) - sum(map(len, strings[3::4])) > WIDEST:
        return None
    at = {key: 3 + 4 * index for index, key in enumerate(value)}
    question_index, answer_index = at.pop(question), at.pop(answer)
    patterns = [pl.escape_regex(string) for string in strings]
    patterns[3::4] = [TEXT] * len(value)
    patterns[question_index] = NOT_BLANK
    return LineShape("^" + '"'.join(patterns) + "\r?$", question_index, answer_index, at)
