"""Whose rows are meant: a condition as a user writes it, and the raw rows that it finds in the files of origin."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.reading.input_reader import InputReader
from curate.reading.raw_rows import raw_rows
from rules.personal import KINDS
from schemas.errors import InputError
from schemas.folding import folded
from schemas.input import Input
from schemas.suggestions import suggestion

ROWS = re.compile(r"source\.row\s+in\s+(?P<file>.+):(?P<ranges>\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*)\s*")
VALUE = re.compile(r"(?P<kind>[a-z_]+)\s*=(?P<value>.+)", re.DOTALL)
OR = re.compile(r"\|(?=\s*(?:source\.row\s+in\s|[a-z_]+\s*=))")
ALIASES = {"phone": ("mobile", "phone", "landline"), "text": ()}
"""What a condition may name that is no kind of personal data: a telephone of any sort, and any text at all."""
MIN_LENGTH = 4
"""Letters and digits that a value needs: a shorter one is in too many rows that are not this person's."""
SEPARATOR = r"[\s\-().·_–—]"
BETWEEN = SEPARATOR + "{0,2}"
"""What may stand between two signs of a value."""


@dataclass(frozen=True)
class RowRanges:
    """Rows of one raw file, by its path in the recipe: the first and the last number of each range."""

    file: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, repr=False)
class Value:
    """Something that only this person's rows hold. It is never written down, and never shown."""

    pattern: re.Pattern[str]
    """Looked for in folded text."""

    @classmethod
    def of(cls, written: str) -> "Value":
        """Compile what a user wrote. Raises InputError for a value that is too short to be one person's."""
        signs = re.sub(SEPARATOR, "", folded_value(written))
        if len(signs) < MIN_LENGTH:
            raise InputError(
                f"a value of fewer than {MIN_LENGTH} letters and digits would find the rows of others",
                f"少于 {MIN_LENGTH} 个字符的值会误伤他人的行",
            )

        # Written with any separators, but no longer: a longer number is another one.
        body = BETWEEN.join(map(re.escape, signs))
        before = r"(?<![0-9a-z])" if signs[0].isascii() and signs[0].isalnum() else ""
        behind = r"(?![0-9a-z])" if signs[-1].isascii() and signs[-1].isalnum() else ""
        return cls(re.compile(f"{before}{body}{behind}"))

    def stands_in(self, text: str) -> bool:
        """Tell whether a text holds the value, in any way of writing it."""
        return self.pattern.search(folded_value(text)) is not None


Condition = RowRanges | Value


def folded_value(text: str) -> str:
    """Write a text in one way: full width as half width, without upper case and without invisible characters."""
    return "".join(character for character in folded(text) if unicodedata.category(character) != "Cf")


def conditions_of(written: Sequence[str]) -> tuple[Condition, ...]:
    """Read the conditions, any of which may hold. Raises InputError, which does not repeat what was written."""
    return tuple(_condition(alternative.strip()) for text in written for alternative in OR.split(text))


def _condition(text: str) -> Condition:
    if match := ROWS.fullmatch(text):
        pairs = (numbers.strip().partition("-") for numbers in match["ranges"].split(","))
        return RowRanges(match["file"].strip(), tuple((int(first), int(last or first)) for first, _, last in pairs))
    match = VALUE.fullmatch(text)
    if match is None:
        raise InputError(
            "a condition is `source.row in FILE:12-30` or `KIND=VALUE`, for example phone=… or email=…",
            "条件写作 `source.row in 文件:12-30` 或 `类别=值`，例如 phone=… 或 email=…",
        )
    kinds = (*ALIASES, *KINDS.names())
    if match["kind"] not in kinds:
        hint = suggestion(match["kind"], kinds)
        raise InputError(f"unknown kind '{match['kind']}'; {hint.en}", f"未知类别“{match['kind']}”；{hint.zh}")
    return Value.of(match["value"])


def rows_of_values(spec: Input, path: Path, values: Sequence[Value]) -> set[int]:
    """Find the raw rows that hold one of the values in any of their fields, and all other rows of their sessions."""
    numbers = {
        row.number
        for row in raw_rows(spec, path).rows
        if any(value.stands_in(text) for text in (row.raw, *_texts(row.fields)) for value in values)
    }
    if not numbers:
        return numbers

    # A session is about one customer: who is meant by one row of it is meant by all of them.
    for chunk in InputReader(spec, path).chunks():
        turns = chunk.turns.filter(pl.col("session").is_not_null())
        sessions = turns.filter(pl.col("row").is_in(sorted(numbers)))["session"].unique()
        numbers |= set(turns.filter(pl.col("session").is_in(sessions.implode()))["row"].to_list())
    return numbers


def _texts(value: object) -> Iterator[str]:
    """List every text in the fields of a row, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for field in value.values():
            yield from _texts(field)
    elif isinstance(value, list):
        for element in value:
            yield from _texts(element)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
