"""Several spellings of one term become the one that the recipe wants."""

import re
from functools import cached_property
from typing import ClassVar

from curate.cleaning import CleaningStep


class Terms(CleaningStep):
    """The longest spelling first, never inside a longer number or a longer word of Latin letters."""

    title_zh: ClassVar[str] = "术语统一"
    order: ClassVar[int] = 70

    def screen(self) -> str | None:
        return "|".join(re.escape(word) for word in self._wanted) or None

    def fix(self, text: str, lang: str = "zh") -> str:
        return self._pattern.sub(lambda match: self._wanted[match[0]], text)

    @cached_property
    def _wanted(self) -> dict[str, str]:
        pairs = [(other, term) for term, others in self.options.terms.items() for other in others if other != term]
        return dict(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # A spelling inside the wanted term itself is left: otherwise a second run would change it again.
        kept = "|".join(re.escape(term) for term in sorted(self.options.terms, key=len, reverse=True))
        words = "|".join(f"{_edge(w[0], '<!')}{re.escape(w)}{_edge(w[-1], '!')}" for w in self._wanted)
        self._wanted.update({term: term for term in self.options.terms})
        return re.compile(f"{kept}|{words}")


def _edge(character: str, look: str) -> str:
    """A bound for a spelling that begins or ends with a digit or a Latin letter; none next to Han."""
    if character.isdigit():
        return rf"(?{look}\d)"
    return rf"(?{look}[A-Za-z])" if character.isascii() and character.isalpha() else ""
