"""Whose rows are meant: a condition in words, and the raw rows that it finds in the files they came from."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.reading.input_reader import Reading
from curate.reading.raw_rows import raw_rows
from rules.personal import KINDS
from schemas.errors import InputError
from schemas.input import Input
from schemas.suggestions import meant

PLACE = re.compile(r"source\.row\s+in\s+(?P<file>.+):(?P<ranges>\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*)\s*")
VALUE = re.compile(r"(?P<kind>[a-z_]+)\s*=(?P<value>.+)", re.DOTALL)
OR = re.compile(r"\|(?=\s*(?:source\.row\s+in\s|[a-z_]+\s*=))")
ALIASES = {"phone": ("mobile", "phone", "landline"), "text": ()}
"""Words of a condition that are no kind of personal data: a telephone of any sort, and any words at all."""
SHORTEST = 4
"""Letters and digits that a value needs: a shorter one is in too many rows that are not this person's."""
BETWEEN = r"[\s\-().·_–—]{0,2}"


@dataclass(frozen=True)
class Places:
    """Rows of one raw file, by the path in the recipe."""

    file: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, repr=False)
class Value:
    """Something that only this person's rows hold. It is never written down, and never shown."""

    pattern: re.Pattern[str]
    """Looked for in folded text."""

    @classmethod
    def of(cls, written: str) -> "Value":
        """Raises InputError for a value that is too short to be one person's."""
        signs = re.sub(r"[\s\-().·_–—]", "", folded(written))
        if len(signs) < SHORTEST:
            raise InputError(
                f"a value of fewer than {SHORTEST} letters and digits would find the rows of others",
                f"少于 {SHORTEST} 个字符的值会误伤他人的行",
            )
        body = BETWEEN.join(map(re.escape, signs))
        before = r"(?<![0-9a-z])" if signs[0].isascii() and signs[0].isalnum() else ""
        behind = r"(?![0-9a-z])" if signs[-1].isascii() and signs[-1].isalnum() else ""
        return cls(re.compile(f"{before}{body}{behind}"))

    def stands_in(self, text: str) -> bool:
        return self.pattern.search(folded(text)) is not None


Condition = Places | Value


def folded(text: str) -> str:
    """The text in one way of writing: full width is half width, capitals are small, what is not seen is gone."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return seen.casefold()


def conditions_of(written: Sequence[str]) -> tuple[Condition, ...]:
    """The conditions, any of which may hold. Raises InputError, which does not repeat what was written."""
    return tuple(_condition(part.strip()) for text in written for part in OR.split(text))


def _condition(text: str) -> Condition:
    if match := PLACE.fullmatch(text):
        pairs = (part.strip().partition("-") for part in match["ranges"].split(","))
        return Places(match["file"].strip(), tuple((int(first), int(last or first)) for first, _, last in pairs))
    match = VALUE.fullmatch(text)
    if match is None:
        raise InputError(
            "a condition is `source.row in FILE:12-30` or `KIND=VALUE`, for example phone=… or email=…",
            "条件写作 `source.row in 文件:12-30` 或 `类别=值`，例如 phone=… 或 email=…",
        )
    known = (*ALIASES, *KINDS.names())
    if match["kind"] not in known:
        hint = meant(match["kind"], known)
        raise InputError(f"unknown kind '{match['kind']}'; {hint.en}", f"未知类别“{match['kind']}”；{hint.zh}")
    return Value.of(match["value"])


def rows_of_values(spec: Input, path: Path, values: Sequence[Value]) -> set[int]:
    """The raw rows that hold one of the values in any of their fields, and all rows of the sessions they stand in."""
    found = {
        row.number
        for row in raw_rows(spec, path).rows
        if any(value.stands_in(text) for text in (row.raw, *_texts(row.fields)) for value in values)
    }
    if not found:
        return found
    for piece in Reading(spec, path).pieces():
        turns = piece.turns.filter(pl.col("session").is_not_null())
        sessions = turns.filter(pl.col("row").is_in(sorted(found)))["session"].unique()
        found |= set(turns.filter(pl.col("session").is_in(sessions.implode()))["row"].to_list())
    return found


def _texts(value: object) -> Iterator[str]:
    """Every text in the fields of a row, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
