"""Several spellings of one term become the one that the recipe wants."""

from functools import cached_property
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._spelling import Spelling


class Terms(CleaningStep):
    """The longest spelling first, never inside a longer number, a longer word of Latin letters, code or an address."""

    title_zh: ClassVar[str] = "术语统一"
    order: ClassVar[int] = 70

    def screen(self) -> str | None:
        return self._spelling.screen()

    def fix(self, text: str, lang: str = "zh") -> str:
        return self._spelling.fix(text)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling({spelling: term for term, spellings in self.options.terms.items() for spelling in spellings})
