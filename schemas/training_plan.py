"""What a training will be, in numbers, before its first step: rows, label tokens, steps, how often a row is seen.

Curation estimates it for `hornbook plan`; the trainer counts it for its preflight. Both ask `training_plan`, so that
they cannot differ in more than what they count. What speaks against it stands in `plan_findings.py`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.identity import Identity
from schemas.introductions.claims import own_names, plain, whole
from schemas.job import TrainSettings
from schemas.record import Frozen
from schemas.tags import NEGATIVE

LANGUAGES = ("zh", "en", "other")


class CountedRow(NamedTuple):
    """What a plan counts of a training row."""

    kind: str
    lang: str
    label_tokens: int
    is_naming: bool
    """Whether an answer names the assistant or its maker."""
    is_negative: bool
    """Whether it is a row that shows how to do without the name."""
    content: str
    """The same for rows that say the same."""


class Dose(Frozen):
    """The training rows of a kind in a language."""

    kind: str
    lang: str
    rows: int
    distinct: int
    """Rows that differ: the others repeat them."""
    label_tokens: int
    naming: int
    negatives: int


class TrainingPlan(Frozen):
    """A training in numbers. `is_counted` where a tokenizer has counted samples and tokens; else they are estimated."""

    doses: tuple[Dose, ...]
    samples: int
    is_counted: bool
    batch: int
    accumulate: int
    epochs: float
    max_steps: int | None
    learning_rate: float
    steps: int
    passes: float
    """How often each sample is seen."""

    @property
    def rows(self) -> int:
        """Count all training rows."""
        return sum(dose.rows for dose in self.doses)

    def of(self, kind: str | None = None, lang: str | None = None) -> list[Dose]:
        """List the doses of a kind, of a language, or of both."""
        return [dose for dose in self.doses if kind in (None, dose.kind) and lang in (None, dose.lang)]

    def rows_of(self, kind: str | None = None, lang: str | None = None) -> int:
        """Count the rows of a kind, of a language, or of both."""
        return sum(dose.rows for dose in self.of(kind, lang))

    def naming_share(self, lang: str) -> float:
        """Say which share of the rows of a language name the assistant in an answer."""
        return sum(dose.naming for dose in self.of(lang=lang)) / max(self.rows_of(lang=lang), 1)

    @property
    def identity_seen(self) -> float:
        """Say how often each different identity row is seen: its repeats times the passes."""
        distinct = sum(dose.distinct for dose in self.of("identity"))
        return self.passes * self.rows_of("identity") / distinct if distinct else 0.0


class OwnNames:
    """Finds the names of an assistant and its makers in texts."""

    def __init__(self, identity: Identity | None) -> None:
        names = [plain(name) for name in (own_names(identity) if identity else ())]
        self._pattern = re.compile("|".join(map(whole, names))) if names else None

    def are_in(self, text: str) -> bool:
        """Tell whether any of the names stands in a text, in any width and case."""
        return self._pattern is not None and self._pattern.search(plain(text)) is not None


def counted_row(
    about: tuple[str, str], turns: Sequence[tuple[str, str]], tags: Sequence[str], label_tokens: int, names: OwnNames
) -> CountedRow:
    """Count a row. `about` is its kind and language, `turns` who speaks and what is said."""
    return CountedRow(
        kind=about[0],
        lang=about[1],
        label_tokens=label_tokens,
        is_naming=any(names.are_in(content) for role, content in turns if role == "assistant"),
        is_negative=NEGATIVE in tags,
        content="\0".join(content for _, content in turns),
    )


def doses_of(rows: Iterable[CountedRow]) -> tuple[Dose, ...]:
    """Count rows by kind and language, in the order of their names."""
    groups: defaultdict[tuple[str, str], list[CountedRow]] = defaultdict(list)
    for row in rows:
        groups[row.kind, row.lang if row.lang in LANGUAGES else "other"].append(row)
    return tuple(
        Dose(
            kind=kind,
            lang=lang,
            rows=len(own),
            distinct=len({row.content for row in own}),
            label_tokens=sum(row.label_tokens for row in own),
            naming=sum(row.is_naming for row in own),
            negatives=sum(row.is_negative for row in own),
        )
        for (kind, lang), own in sorted(groups.items())
    )


def training_plan(doses: Sequence[Dose], samples: int, settings: TrainSettings, *, is_counted: bool) -> TrainingPlan:
    """Plan a training on `samples` samples: the steps are those that the trainer takes."""
    steps = settings.steps(samples)
    passes = min(settings.epochs, steps * settings.batch * settings.accumulate / samples) if samples else 0.0
    return TrainingPlan(
        doses=tuple(doses),
        samples=samples,
        is_counted=is_counted,
        batch=settings.batch,
        accumulate=settings.accumulate,
        epochs=settings.epochs,
        max_steps=settings.max_steps,
        learning_rate=settings.learning_rate,
        steps=steps,
        passes=passes,
    )
