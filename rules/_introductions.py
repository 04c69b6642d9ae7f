"""Claims of an assistant about itself, looked for in many texts at once: the reading of `schemas.introductions`."""

from collections.abc import Iterable

import polars as pl

from schemas.introductions.chinese import ZH
from schemas.introductions.english import EN
from schemas.introductions.known import PLAIN_CHARACTERS
from schemas.introductions.words import (
    AM,
    AS,
    ASIDES,
    DENIALS,
    INTRO,
    PERSON,
    QUOTES,
    REPORTED,
    SILENCED,
    SPACES,
    UNQUOTED,
    WORDS,
    Step,
    for_polars,
    replacement_for_polars,
)

MADE_PLAIN: tuple[Step, ...] = (*QUOTES, *SILENCED, *UNQUOTED, *REPORTED, *PERSON, *DENIALS, *ASIDES, *WORDS)
SPEAKS = (
    (r"[我你]|作为|身为|这里|这边|此处|对面|屏幕前", "|".join(ZH)),
    (rf"[a-z{AM}{INTRO}{AS}]", "|".join(EN)),
)
"""What a text must hold to make a claim of a language, and the claims: they are compiled where it is spoken alone."""


def marked(texts: pl.Series, steps: Iterable[Step]) -> pl.Series:
    """Put signs for names or placeholders, in simplified characters."""
    return _through(texts.str.replace_many(list(PLAIN_CHARACTERS), list(PLAIN_CHARACTERS.values())), (*SPACES, *steps))


def claims(texts: pl.Series, signs: str) -> pl.Series:
    """Tell which texts, marked by `marked`, claim to be one of the signs or made by one; the signs are characters."""
    rows = texts.str.contains(f"[{signs}]").arg_true()
    found = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    if rows.is_empty():
        return found

    plain = _through(texts.gather(rows), MADE_PLAIN)
    for speaks, a_claim in SPEAKS:
        is_spoken = plain.str.contains(for_polars(speaks))
        if is_spoken.any():
            found = found.scatter(rows.filter(is_spoken & plain.str.contains(for_polars(a_claim))), True)
    return found


def _through(texts: pl.Series, steps: Iterable[Step]) -> pl.Series:
    for pattern, new in steps:
        texts = texts.str.replace_all(for_polars(pattern), replacement_for_polars(new))
    return texts
