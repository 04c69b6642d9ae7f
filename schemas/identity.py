"""Who the assistant is: the one thing that the dataset, the trainer's guards and the exam must agree on."""

from pydantic import Field

from schemas.record import Frozen


class Names(Frozen):
    """The name and the author in one language."""

    name: str = Field(min_length=1)
    author: str = Field(min_length=1)


class Identity(Frozen):
    """The assistant's names by language, and the assistants that it must never claim to be."""

    zh: Names | None = None
    en: Names | None = None
    rivals: tuple[str, ...] = ()

    def names_in(self, lang: str) -> Names | None:
        """Take the names in a language, or those in the other where it has none; None where it has no names at all."""
        own, other = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return own or other
