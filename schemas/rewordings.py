"""Rewordings by a model: what came of one, a line of the file, and what a manifest says of the file."""

from typing import Literal

from pydantic import Field

from schemas.record import Frozen

REWORD = "reword"
"""The stage that takes rewordings in, as recipe and ledger name it."""
Part = Literal["question", "answer"]
"""What of a record is said in other words: the last question, or the answer to it."""


class Rewording(Frozen):
    """One line of a file of rewordings, accepted or not: a build decides that.

    `parent` is the record, `number` tells the rewordings of one part of it apart, from 1, `model` is whoever wrote it.
    """

    parent: str = Field(pattern=r"^[0-9a-f]{32}$")
    part: Part
    number: int = Field(ge=1)
    text: str
    model: str = ""
    masked: bool = Field(False, exclude_if=lambda masked: not masked)
    """Whether the model made up personal data, which was masked before it was written: no build takes such a line."""

    @property
    def key(self) -> tuple[str, Part, int]:
        """What no two lines of a file have in common, and what they are sorted by."""
        return self.parent, self.part, self.number


class RewordingFile(Frozen):
    """The rewordings that a version was made with: their path in the recipe, the digest of the file, and its lines."""

    path: str
    digest: str
    rewordings: int
