"""What a rewording must not be: one check a file, found by its file name, with examples that are its test and its page.

A check sees one `GateCandidate`: a text that a template or a model wrote in place of a question or an answer, beside
what it is to replace. Checks do not import each other. Start with `Check` below, then `cut_off.py`, a short one.

Imports: cleaning, gate.meaning, rules, rules.lexicons, rules.personal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import ConfigDict

from schemas.identity import Identity
from schemas.record import Frozen

Part = Literal["question", "answer"]


@dataclass(frozen=True)
class GateCandidate:
    """A rewording, and its parent: the last question of a record, the answer to it, and which of both `text` replaces.

    `is_identity`: whether the record is about who the assistant is.
    """

    lang: str
    part: Part
    question: str
    answer: str
    text: str
    is_identity: bool = False

    @cached_property
    def parent(self) -> str:
        """The text that is to be replaced."""
        return self.question if self.part == "question" else self.answer

    @property
    def is_chinese(self) -> bool:
        """Whether the row is Chinese; all else is read as English is."""
        return self.lang == "zh"


@dataclass(frozen=True)
class GateExamples:
    """What a check keeps and what it refuses: its test and its documentation. `identity` is that of the assistant."""

    keeps: tuple[GateCandidate, ...]
    refuses: tuple[GateCandidate, ...]
    identity: Identity = field(default_factory=Identity)


class Check(Frozen):
    """One way in which a rewording is wrong. `title_zh` says in Chinese what the docstring says in English.

    Of several that refuse one text the smallest `rank` gives the reason: what is plain to see, before what is inferred.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(GateExamples,))

    title_zh: ClassVar[str]
    examples: ClassVar[GateExamples]
    rank: ClassVar[int] = 50

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        """Tell whether this must not be learnt."""
        raise NotImplementedError


def zh(
    parent: str, text: str, answer: str = "", *, part: Part = "question", is_identity: bool = False
) -> GateCandidate:
    """Write an example in Chinese: the parent's question, or its answer where that is the part."""
    question, reply = (parent, answer) if part == "question" else ("", parent)
    return GateCandidate("zh", part, question, reply, text, is_identity)


def en(
    parent: str, text: str, answer: str = "", *, part: Part = "question", is_identity: bool = False
) -> GateCandidate:
    """Write an example in English: the parent's question, or its answer where that is the part."""
    return replace(zh(parent, text, answer, part=part, is_identity=is_identity), lang="en")


def any_new(found: Sequence[str], known: Sequence[str]) -> bool:
    """Tell whether one of the findings in a rewording is none of its parent's."""
    return bool(set(found) - set(known))
