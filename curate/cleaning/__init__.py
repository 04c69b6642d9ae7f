"""Cleaning in small steps: one a file, found by its file name. Steps do not import each other.

A step says with a cheap pattern which texts it may concern, and sees those alone.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from schemas.record import KINDS, Kind, Role

Punctuation = Literal["keep", "full", "half", "both"]
Emoji = Literal["keep", "remove", "name"]


@dataclass(frozen=True)
class Options:
    """What the recipe says about cleaning. `terms` has the wanted word and its other spellings, `typos` the right
    spelling of a wrong one.
    """

    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    typos: dict[str, str] = field(default_factory=dict)
    boilerplate: tuple[str, ...] = ()
    chinese: Literal["keep", "simplified", "traditional"] = "keep"
    punctuation: Punctuation = "keep"
    emoji: Emoji = "keep"


class CleaningStep:
    """Repairs one kind of damage. What it gives back is left alone by a second run of it."""

    title_zh: ClassVar[str]
    order: ClassVar[int]
    """Steps run by this number: what damages bytes comes before what damages words."""
    kinds: ClassVar[tuple[Kind, ...]] = KINDS
    """The kinds of record that the step looks at."""
    roles: ClassVar[tuple[Role, ...]] = get_args(Role)
    """Whose messages the step looks at."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def screen(self) -> str | None:
        """A pattern without look-around that every text to be changed matches; None when nothing is to be done."""
        raise NotImplementedError

    def fix(self, text: str, lang: str = "zh") -> str:
        """The text, repaired; `lang` is the language of its conversation."""
        raise NotImplementedError
