"""What the written kit has for the steps of a recipe: its families in numbers, a sample of each, and its rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from curate.augmenters import Augmenter
from curate.augmenters.identity import IdentityKit, KitTexts, kit_texts
from curate.augmenters.kit import LANGUAGES, Lang, kit
from curate.augmenters.refusal import Refusal, look_alikes, refusals
from curate.recipe.load import Step
from curate.stages import Tools
from schemas.bilingual import Bilingual
from schemas.frame import frame_of
from schemas.tags import ANSWERED, NEGATIVE, TRAP

PARTS = {
    "identity": Bilingual("who it is", "身份"),
    "trap": Bilingual("trap", "陷阱"),
    "negative": Bilingual("without the name", "不报名字"),
    "refusal": Bilingual("declined", "婉拒"),
    "look_alike": Bilingual("look-alike, answered", "相似但照答"),
}
LOOK_ALIKES = "look_alikes"


class KitFamily(NamedTuple):
    """One family of a part in one language, with how many questions and usable answers it has."""

    part: str
    family: str
    lang: Lang
    questions: int
    answers: int


def kit_families(steps: Iterable[Step], tools: Tools) -> list[KitFamily]:
    """Count the questions and the usable answers of each family and kind, by language."""
    families = [family for texts in _texts(steps, tools) for family in _of_language(texts)]
    for lang in LANGUAGES:
        for key, kind in kit(lang).kinds.items():
            families.append(KitFamily("refusal", key, lang, len(kind.questions), len(kind.answers)))
        families.append(KitFamily("look_alike", LOOK_ALIKES, lang, *[len(kit(lang).look_alikes)] * 2))
    return families


def kit_rows(steps: Iterable[Step], tools: Tools) -> list[dict[str, Any]]:
    """Write the rows of the augmenters as a build does, but for what hangs on the business rows."""
    nothing = frame_of([])
    written = [step.add(nothing, tools).rows for step in _of_kit(steps)]
    return pl.concat([nothing, *written]).to_dicts()


def kit_samples(steps: Iterable[Step], tools: Tools) -> dict[tuple[str, str, str], list[dict[str, str]]]:
    """Write the first conversation of each family, as a build would: messages by part, family and language."""
    samples: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for texts in _texts(steps, tools):
        for part, family, row in _firsts(texts):
            samples.setdefault((part, family, texts.lang), row["messages"])
    for lang in LANGUAGES:
        if getattr(tools.identity, lang) is None:
            continue
        kind_of = {question: key for key, kind in kit(lang).kinds.items() for question in kind.questions}
        for row in refusals(lang, tools.identity, tools.seed):
            samples.setdefault(("refusal", kind_of[row["messages"][0]["content"]], lang), row["messages"])
        for row in look_alikes(lang, tools.identity, tools.seed):
            samples.setdefault(("look_alike", LOOK_ALIKES, lang), row["messages"])
    return samples


def part_of(kind: str, tags: Sequence[str]) -> str:
    """Name the part of the kit that a record of this kind, identity or refusal, comes from."""
    if kind == "refusal":
        return "look_alike" if ANSWERED in tags else "refusal"
    return "trap" if TRAP in tags else "negative" if NEGATIVE in tags else "identity"


def _of_kit(steps: Iterable[Step]) -> list[Augmenter]:
    return [step.does for step in steps if isinstance(step.does, IdentityKit | Refusal)]


def _texts(steps: Iterable[Step], tools: Tools) -> list[KitTexts]:
    settings = next((step for step in _of_kit(steps) if isinstance(step, IdentityKit)), IdentityKit())
    return kit_texts(tools.identity, tools.seed, settings)


def _of_language(texts: KitTexts) -> list[KitFamily]:
    families = [
        KitFamily(part, key, texts.lang, len(family.questions), len(family.answers))
        for part, trap in (("identity", False), ("trap", True))
        for key, family in texts.families(trap=trap).items()
    ]
    halves = _halves(texts)
    return [*families, *(KitFamily("negative", key, texts.lang, len(pairs), len(pairs)) for key, pairs in halves)]


def _halves(texts: KitTexts) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return ("same_subject", texts.kit.same_subject), ("generic", texts.kit.generic)


def _firsts(texts: KitTexts) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Write the first rows of each family: its part, its name and the row."""
    for part, trap in (("identity", False), ("trap", True)):
        for key in texts.families(trap=trap):
            alone = texts._replace(settings=texts.settings.model_copy(update={"families": (key,)}))
            row = next(alone.traps() if trap else alone.rows(), None)
            if row is not None:
                yield part, key, row
    for key, pairs in _halves(texts):
        other = {"generic": "same_subject", "same_subject": "generic"}[key]
        half = texts._replace(kit=texts.kit.model_copy(update={key: pairs, other: ()}))
        row = next(half.negatives(), None)
        if row is not None:
            yield "negative", key, row
