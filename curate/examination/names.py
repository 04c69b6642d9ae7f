"""Puts the names of an assistant into the texts that are ours, in either language."""

from typing import Literal

from schemas.identity import Names

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


def put_in(text: str, names: Names) -> str:
    """Put the names where `{name}` and `{author}` stand in a text of ours; whatever else has braces stays as it is."""
    parts = text.split("{name}")
    return names.name.join(part.replace("{author}", names.author) for part in parts)
