"""Wrong spellings that the recipe lists become the right ones."""

from functools import cached_property
from typing import ClassVar

from curate.cleaning import CleaningStep
from curate.cleaning._spelling import Spelling


class Typos(CleaningStep):
    """`typos: {登陆: 登录, recieve: receive}`; whole words where the letters are Latin, never in code or an address."""

    title_zh: ClassVar[str] = "错别字更正"
    order: ClassVar[int] = 72

    def screen(self) -> str | None:
        return self._spelling.screen()

    def fix(self, text: str, lang: str = "zh") -> str:
        return self._spelling.fix(text)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.options.typos)
