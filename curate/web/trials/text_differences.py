"""What two texts differ in, as pieces of the second: what a page marks."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

LONGEST = 2_000
"""Characters up to which two texts are compared letter by letter: the time grows with the square."""


class MarkedPiece(NamedTuple):
    """A part of a text, and whether the other text has it, too."""

    text: str
    is_same: bool


def marked(other: str, text: str) -> list[MarkedPiece]:
    """Cut `text` where it differs from `other`; one that is longer than can be compared is one piece, as if equal."""
    if max(len(other), len(text)) > LONGEST:
        return [MarkedPiece(text, True)]
    return [*_pieces(other, text)]


def _pieces(other: str, text: str) -> Iterator[MarkedPiece]:
    for step, _, _, start, end in SequenceMatcher(None, other, text, autojunk=False).get_opcodes():
        if end > start:
            yield MarkedPiece(text[start:end], step == "equal")
