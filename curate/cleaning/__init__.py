"""Cleaning: what exports and platforms did to a text, repaired in small steps. The stage `clean` runs them.

One step a file, found by its file name: a new file is a new step. Steps do not import each other; what several need
stands in modules whose names begin with `_`. A step says with a cheap pattern which texts it may concern, and is given
those alone. Start with `CleaningStep` below, then `entities.py`.

Imports: rules.lexicons.
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
    """Repairs one kind of damage. A second run changes nothing: what a step gives back is as it should be."""

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
        """Give a pattern without look-around that every text to be changed matches; None when nothing is to be done."""
        raise NotImplementedError

    def fix(self, text: str, lang: str = "zh") -> str:
        """Repair the text; `lang` is the language of its conversation."""
        raise NotImplementedError
