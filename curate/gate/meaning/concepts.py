"""Reads what things, deeds and states a text speaks of, by groups of words that mean the same in customer service."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from curate.gate.meaning.plain_texts import simplified
from rules.lexicons import lexicon

EXCLUSIVE = "!"
"""Marks a concept that excludes the others of its category: Monday is not Friday."""


class Mention(NamedTuple):
    """A concept, and where in the folded text it is spoken of."""

    concept: str
    start: int
    end: int


def readable(text: str) -> str:
    """Fold a text as it is read for concepts."""
    return " ".join(simplified(text).replace("’", "'").split())


@lru_cache(1 << 12)
def mentions(text: str, *, chinese: bool) -> tuple[Mention, ...]:
    """Find the concepts of a text in order, offsets in the `readable` one; the longest words first."""
    terms = _terms(chinese)
    found = _pattern(chinese).finditer(readable(text))
    return tuple(Mention(terms[match[0]], match.start(), match.end()) for match in found)


def concepts(text: str, *, chinese: bool) -> frozenset[str]:
    """List the concepts of a text, as `action.refund`; exclusive ones as `!time.monday`."""
    return frozenset(mention.concept for mention in mentions(text, chinese=chinese))


def exclusive(text: str, *, chinese: bool) -> frozenset[str]:
    """List the concepts of a text that exclude others: a weekday, a city, somebody's daughter, a colour."""
    return frozenset(concept for concept in concepts(text, chinese=chinese) if concept.startswith(EXCLUSIVE))


@cache
def _terms(chinese: bool) -> dict[str, str]:
    """Map each term to its concept; where a term stands twice, to the first."""
    terms: dict[str, str] = {}
    for line in lexicon("concepts_zh" if chinese else "concepts_en"):
        concept, _, words = line.partition(":")
        for term in words.split(" | "):
            terms.setdefault(readable(term), concept.strip())
    return {term: concept for term, concept in terms.items() if term}


@cache
def _pattern(chinese: bool) -> re.Pattern[str]:
    terms = sorted(_terms(chinese), key=lambda term: (-len(term), term))
    latin = "|".join(re.escape(term) for term in terms if term.isascii())
    other = "|".join(re.escape(term) for term in terms if not term.isascii())
    return re.compile("|".join(filter(None, (other, rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"))))
