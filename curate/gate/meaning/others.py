"""The other assistants, and their makers, that a text names."""

import re
from functools import cache

from schemas.identity import Identity
from schemas.introductions.claims import plain, with_names
from schemas.introductions.known import any_name, known
from schemas.introductions.words import MAKER, NAME, for_python

DEGREES = re.compile(r"(?<=[一二两三四五六七八九几])百度")
"""Five hundred degrees are no search engine."""


def others_in(text: str, identity: Identity) -> set[str]:
    """List the other assistants and makers that a text names, known ones and those of the recipe."""
    text = DEGREES.sub(" ", text)
    marked = with_names(text, identity)
    if NAME not in marked and MAKER not in marked:
        return set()
    return {plain(match[0]) for match in for_python(_others(identity.rivals)).finditer(text)}


@cache
def _others(rivals: tuple[str, ...]) -> str:
    return any_name((*known("rivals"), *known("assistants"), *known("makers"), *rivals))
