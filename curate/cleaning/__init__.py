"""Cleaning in small steps: one a file, found by its file name. Steps do not import each other.

A step says with a cheap pattern which texts it may concern, and sees those alone.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Options:
    """What the recipe says about cleaning. `terms` has the wanted word and its other spellings."""

    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    boilerplate: tuple[str, ...] = ()
    chinese: Literal["keep", "simplified", "traditional"] = "keep"


class CleaningStep:
    """Repairs one kind of damage. What it gives back is left alone by a second run of it."""

    title_zh: ClassVar[str]
    order: ClassVar[int]
    """Steps run by this number: what damages bytes comes before what damages words."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def screen(self) -> str | None:
        """A pattern without look-around that every text to be changed matches; None when nothing is to be done."""
        raise NotImplementedError

    def fix(self, text: str) -> str:
        """The text, repaired."""
        raise NotImplementedError
