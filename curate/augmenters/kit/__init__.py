"""The written kit: who the assistant is, what it declines, and what it answers without its name, a language a file.

`identity_*.yaml` holds families of questions with their answers, `negatives_*.yaml` the counterweights, and
`refusals_*.yaml` what is declined and its look-alikes; begin there to add a text. They are read into `Kit`; what a book
may not say stands in `unknowns_*.yaml`, read by `unknowns.py`. `slots.py` puts the names and the persona of a recipe
into them. The augmenters make records of them, and the stage `decline` takes
its answers from here: for that stage the kit stands below all stages.

Imports: schemas.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import Field

from schemas.digest import digest
from schemas.record import Frozen

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
FILES = ("identity", "negatives", "refusals")
Manner = Literal["not_known", "not_allowed", "not_ours", "ask_a_person", "need_more"]
Pair = tuple[str, str]


class Family(Frozen):
    """One intention in many phrasings, each a core of its own. Texts hold slots in braces (`slots.py`).

    A question is a text, or a conversation of which the last turn is the question. `asks` says which names every answer
    holds. A `trap` presses another identity: `{rival}`, or its `{maker}`.
    """

    asks: Literal["name", "author", "both", "none"]
    trap: bool = False
    wrap: bool = True
    """Whether the wrappers of the kit may be put around the questions."""
    questions: tuple[str | tuple[str, ...], ...] = Field(min_length=1)
    answers: tuple[str, ...] = Field(min_length=1)


class KindOfRefusal(Frozen):
    """What is declined for one reason, in one `manner`; each answer fits every question of the kind."""

    manner: Manner
    questions: tuple[str, ...] = Field(min_length=1)
    answers: tuple[str, ...] = Field(min_length=1)


class Kit(Frozen):
    """One language."""

    wrappers: tuple[str, ...] = Field(max_length=5)
    """`{q}` stands for the question; a wrapped question is a rewording of it."""
    systems: tuple[str, ...]
    """System prompts as people put them before such an assistant."""
    families: dict[str, Family]
    rivals: tuple[Pair, ...]
    """Another assistant and its maker."""
    same_subject: tuple[Pair, ...]
    """Questions about names, makers and assistants, though not about this one, and answers that do not say its name."""
    generic: tuple[Pair, ...]
    """Any other short question with an answer that does not say the name."""
    kinds: dict[str, KindOfRefusal]
    look_alikes: tuple[Pair, ...]
    """Questions that sound like those to decline, and are answered."""
    any_question: tuple[str, ...] = Field(min_length=1)
    """Refusals that fit any question out of scope."""

    @cached_property
    def negatives(self) -> tuple[Pair, ...]:
        """All pairs that do without the name."""
        return (*self.same_subject, *self.generic)

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """All questions that are declined, kind by kind."""
        return tuple(question for kind in self.kinds.values() for question in kind.questions)


@cache
def kit(lang: Lang) -> Kit:
    """Read the kit of one language."""
    texts: dict[str, Any] = {"rivals": values_of("rivals.yaml")[lang]}
    for name in FILES:
        texts |= values_of(f"{name}_{lang}.yaml")
    return Kit.model_validate(texts)


@cache
def kit_digest() -> str:
    """Compute the digest of the whole kit: it changes when the kit does."""
    names = ["rivals.yaml", *(f"{name}_{lang}.yaml" for name in FILES for lang in LANGUAGES)]
    return digest("kit", [text_of(name) for name in names])


def refusal_to(lang: Lang, question: str, seed: int) -> str:
    """Choose the refusal that the kit gives to any question, the same for the same seed; slots are not filled."""
    answers = kit(lang).any_question
    return answers[int(digest(seed, "declined", question)[:8], 16) % len(answers)]


def text_of(name: str) -> str:
    """Read a file of the kit."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def values_of(name: str) -> Mapping[str, Any]:
    """Read a file with the parser in C: the one in Python takes a second for all of them."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Mapping[str, Any] = yaml.load(text_of(name), loader)
    return loaded
