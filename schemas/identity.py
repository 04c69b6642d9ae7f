"""Who the assistant is: the one thing that the dataset, the trainer's guards and the exam must agree on."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from schemas.bilingual import Bilingual
from schemas.record import Frozen


def _is_unsaid(value: object) -> bool:
    """Tell whether a setting is left out of what is written down: versions without it keep their bytes."""
    return not value


class Persona(Frozen):
    """What the assistant may say of itself beside its name; whatever is left out is not claimed.

    `tone`: `formal` says 您 in Chinese and writes no contractions in English, `casual` says 你. `scope`: what it is
    for, as a noun phrase (商品、订单和售后). `can` and `cannot`: as short verb phrases. `since`: when it began to work.
    `contact` and `hours`: how and when people are reached. `base`: what it says of the model beneath, as a clause
    without a subject (基于开源模型Qwen3微调); without it, it says that it has nothing to tell of that, and denies
    nothing.
    """

    tone: Literal["", "formal", "casual"] = Field("", exclude_if=_is_unsaid)
    scope: str = Field("", exclude_if=_is_unsaid)
    can: tuple[str, ...] = Field((), exclude_if=_is_unsaid)
    cannot: tuple[str, ...] = Field((), exclude_if=_is_unsaid)
    since: str = Field("", exclude_if=_is_unsaid)
    contact: str = Field("", exclude_if=_is_unsaid)
    hours: str = Field("", exclude_if=_is_unsaid)
    base: str = Field("", exclude_if=_is_unsaid)


class Names(Frozen):
    """The name and the author in one language, the nicknames it also answers to, and what else it says of itself."""

    name: str = Field(min_length=1)
    author: str = Field(min_length=1)
    aliases: tuple[str, ...] = Field((), exclude_if=_is_unsaid)
    persona: Persona | None = Field(None, exclude_if=_is_unsaid)


class Identity(Frozen):
    """The assistant's names by language, and the assistants that it must never claim to be.

    A recipe lists `rivals` by name, or as `{name: …, maker: …}`: `makers` then holds who makes each of these.
    """

    zh: Names | None = None
    en: Names | None = None
    rivals: tuple[str, ...] = ()
    makers: Mapping[str, str] = Field(default_factory=dict, exclude_if=_is_unsaid)

    @model_validator(mode="before")
    @classmethod
    def _with_makers(cls, given: Any) -> Any:
        """Take the makers out of the list of rivals, and say where names without a language belong."""
        if not isinstance(given, Mapping):
            return given
        if misplaced := [key for key in ("name", "author", "aliases", "persona") if key in given]:
            raise ValueError(
                Bilingual(
                    f"'{misplaced[0]}' needs a language: write `zh: {{name: …, author: …}}`, or `en:`",
                    f"“{misplaced[0]}”要写在语言下面：`zh: {{name: …, author: …}}` 或 `en:`",
                )
            )
        rivals = given.get("rivals")
        if not isinstance(rivals, (list, tuple)):
            return given
        named = [(rival["name"], rival["maker"]) for rival in rivals if _is_with_maker(rival)]
        names = [rival["name"] if _is_with_maker(rival) else rival for rival in rivals]
        return {**given, "rivals": names, "makers": {**given.get("makers", {}), **dict(named)}}

    def names_in(self, lang: str) -> Names | None:
        """Take the names in a language, or those in the other where it has none; None where it has no names at all."""
        own, other = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return own or other


def _is_with_maker(rival: object) -> bool:
    return isinstance(rival, Mapping) and set(rival) == {"name", "maker"} and all(map(_is_text, rival.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
