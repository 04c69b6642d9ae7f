"""The written kit for identity and refusals: questions, answers, traps and counterweights, a language a file.

The texts stand in `zh.yaml` and `en.yaml`, read into `Kit`; begin there to add a question or a trap. The augmenters
`identity` and `refusal` make records of them, and the stage `decline` takes its answers from here. For that stage the
kit stands below all stages.

Imports: schemas.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import Field

from schemas.digest import digest
from schemas.record import Frozen

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class Refusals(Frozen):
    questions: tuple[str, ...] = Field(min_length=1)
    answers: tuple[str, ...] = Field(min_length=1)


class Kit(Frozen):
    """One language. Questions and answers by what they ask for: `name`, `author`, `both`."""

    questions: dict[Literal["name", "author", "both"], tuple[str, ...]]
    wrappers: tuple[str, ...]
    """`{q}` stands for the question; a wrapped question is a rewording of it."""
    answers: dict[Literal["name", "author", "both"], tuple[str, ...]]
    rivals: tuple[tuple[str, str], ...]
    """Another assistant and its maker."""
    traps: tuple[str, ...]
    denials: tuple[str, ...]
    negatives: tuple[tuple[str, str], ...]
    """Small talk with answers that do not say the name: the counterweight to a name in every answer."""
    refusals: Refusals


@cache
def kit(lang: Lang) -> Kit:
    """Read the kit of one language."""
    return Kit.model_validate(yaml.safe_load(_text(lang)))


@cache
def kit_digest() -> str:
    """Compute the digest of the whole kit: it changes when the kit does."""
    return digest("kit", [_text(lang) for lang in LANGUAGES])


def _text(lang: Lang) -> str:
    """Read the file of one language."""
    return files(__name__).joinpath(f"{lang}.yaml").read_text(encoding="utf-8")


def refusal_to(lang: Lang, question: str, seed: int) -> str:
    """Choose the refusal that the kit gives to a question, the same for the same seed."""
    answers = kit(lang).refusals.answers
    return answers[int(digest(seed, "declined", question)[:8], 16) % len(answers)]
