"""Questions about products and policies that a book may not answer, and answers that say so, topic by topic.

They stand in `unknowns_*.yaml`; each answer of a topic fits every question of it, and claims nothing about the shop.
"""

from collections.abc import Mapping
from functools import cache

from pydantic import Field

from curate.augmenters.kit import LANGUAGES, Lang, text_of, values_of
from schemas.digest import digest
from schemas.record import Frozen


class Topic(Frozen):
    """What customers ask about one thing. Answers hold slots in braces (`slots.py`)."""

    questions: tuple[str, ...] = Field(min_length=1)
    answers: tuple[str, ...] = Field(min_length=1)


class Unknowns(Frozen):
    """The topics of one language, by name."""

    topics: Mapping[str, Topic]


@cache
def topics(lang: Lang) -> Mapping[str, Topic]:
    """Read the topics of one language."""
    return Unknowns.model_validate(values_of(f"unknowns_{lang}.yaml")).topics


@cache
def unknowns_digest() -> str:
    """Compute the digest of the texts in both languages."""
    return digest("unknowns", [text_of(f"unknowns_{lang}.yaml") for lang in LANGUAGES])
