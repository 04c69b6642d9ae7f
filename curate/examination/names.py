"""The names that an assistant answers to in a language, where its identity may have them in one alone."""

from typing import Literal

from schemas.identity import Identity, Names

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


def names_in(lang: Lang, identity: Identity) -> Names | None:
    """Take the names in a language, or those in the other where it has none; None where it has no names at all."""
    own, other = (identity.zh, identity.en) if lang == "zh" else (identity.en, identity.zh)
    return own or other


def put_in(text: str, names: Names) -> str:
    """Put the names where `{name}` and `{author}` stand in a text of ours; whatever else has braces stays as it is."""
    parts = text.split("{name}")
    return names.name.join(part.replace("{author}", names.author) for part in parts)
