"""Personal data: one kind a file, found by its file name. Kinds do not import each other.

Detection works on an NFKC view of the text (full-width digits become plain ones) with a map back to the original, so
that what is replaced is exactly what stood there. Patterns bound numbers with `(?<!\\d)…(?!\\d)`: `\\b` fails next to
Han characters.
"""

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import ClassVar, NamedTuple

import polars as pl

from schemas.catalog import Catalog


class Spans(NamedTuple):
    """What a kind finds in a text, and look-alikes that it must not touch: its test and its documentation."""

    finds: tuple[tuple[str, str], ...]
    """Text, and the part of it that is personal."""
    spares: tuple[str, ...]


class PersonalData:
    """One kind of personal data. `pattern` marks a candidate; its group `it`, if any, is the part to replace."""

    label_zh: ClassVar[str]
    label_en: ClassVar[str]
    title_zh: ClassVar[str]
    priority: ClassVar[int] = 50
    """Where two kinds claim the same characters, the smaller number wins."""
    screen: ClassVar[str]
    """A plain pattern without look-around that every hit matches: the cheap first look at a whole column."""
    pattern: ClassVar[re.Pattern[str]]
    examples: ClassVar[Spans]

    @classmethod
    def is_valid(cls, found: str, before: str) -> bool:
        """Whether a candidate is the real thing: check digits, dates, context. `before` is the text in front of it."""
        return True


class Found(NamedTuple):
    """One find, in offsets of the original text."""

    start: int
    end: int
    kind: str


KINDS: Catalog[PersonalData] = Catalog(sys.modules[__name__], PersonalData)


@cache
def _kinds(names: tuple[str, ...]) -> tuple[tuple[str, type[PersonalData]], ...]:
    chosen = [(name, KINDS.load(name)) for name in names]
    return tuple(sorted(chosen, key=lambda item: (item[1].priority, item[0])))


def suspicious(texts: pl.Series, kinds: Sequence[str] | None = None) -> pl.Series:
    """Which texts may hold personal data: a superset, found in one pass over the column."""
    chosen = _kinds(tuple(kinds if kinds is not None else KINDS.names()))
    pattern = "|".join(f"(?:{kind.screen})" for _, kind in chosen)
    return texts.str.contains(pattern).fill_null(False)


def find(text: str, kinds: Sequence[str] | None = None) -> list[Found]:
    """All personal data in the text, in order, without overlaps."""
    view, offsets = _view(text)
    taken: list[Found] = []
    for name, kind in _kinds(tuple(kinds if kinds is not None else KINDS.names())):
        for match in kind.pattern.finditer(view):
            whole = "it" not in kind.pattern.groupindex or match["it"] is None
            start, end = match.span() if whole else match.span("it")
            if any(start < other.end and other.start < end for other in taken):
                continue
            if kind.is_valid(view[start:end], view[max(0, start - 24) : start]):
                taken.append(Found(start, end, name))
    return [Found(offsets[f.start], offsets[f.end], f.kind) for f in sorted(taken)] if offsets else sorted(taken)


def _view(text: str) -> tuple[str, list[int]]:
    """The NFKC view, and for each of its positions the position in the text (empty where they are the same)."""
    if unicodedata.is_normalized("NFKC", text):
        return text, []
    pieces: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        piece = unicodedata.normalize("NFKC", character)
        pieces.append(piece)
        offsets += [position] * len(piece)
    return "".join(pieces), [*offsets, len(text)]


def plain(value: str) -> str:
    """A value without the ways of writing it: `138-1234 5678` and `１３８12345678` are one number."""
    return re.sub(r"[\s\-().]", "", unicodedata.normalize("NFKC", value)).casefold()
