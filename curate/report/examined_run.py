"""What is known of a run in numbers: its exam, its settings, and what the losses say beyond chance."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from curate.augmenters.kit import LANGUAGES, Lang
from curate.report.labels import MEASURES, formatted
from schemas.bilingual import Bilingual
from schemas.exam import Comparison, ExamResult, Measure
from schemas.job import TrainSettings
from schemas.manifest import Manifest, Share

ENOUGH = 10
"""Questions below which a rate says nothing."""
NAMED = 3
"""Measures that a sentence names."""
FEWEST = 12
"""Steps below which a curve says nothing: a third of it must be some batches."""
SURE, BOUND = 3.0, 2.0
"""Standard errors by which a difference is larger than chance, where several are looked at; and those that a small one
may hide."""
NOISIEST = 0.35
"""By how much of the loss batches differ by chance, at most: of four rows each, by an eighth to a fourth."""
GAUSSIAN = 0.9539
"""The median distance of two draws from a normal distribution, in standard deviations."""


class Part(NamedTuple):
    """A stretch of steps: the loss in nats per label token, and by how much chance alone moves it."""

    loss: float
    error: float


class LossCurve(NamedTuple):
    """Losses and label tokens, step by step. `untrained` is the loss before the first step took effect."""

    losses: tuple[float, ...]
    tokens: tuple[int, ...]

    @classmethod
    def of(cls, steps: Sequence[Mapping[str, Any]]) -> "LossCurve":
        """Read the lines of `steps.jsonl`."""
        return cls(tuple(step["loss"] for step in steps), tuple(step.get("label_tokens", 1) for step in steps))

    @property
    def noise(self) -> float:
        """Estimate by how much one step differs from the next by what its batch holds alone (standard deviation).

        From the median of the differences: a trend and a few leaps leave that alone. The first quarter, where the loss
        falls fastest, does not count. More than a share of the median loss is no chance, but a curve out of control.
        """
        later = self.losses[len(self.losses) // 4 :]
        leaps = [abs(b - a) for a, b in pairwise(later)]
        return min(median(leaps) / GAUSSIAN, NOISIEST * median(self.losses)) if leaps else 0.0

    @property
    def untrained(self) -> Part:
        """The first step's loss is taken before any weight has moved."""
        return Part(self.losses[0], self.noise)

    def part(self, start: float, end: float) -> Part:
        """Average a stretch, from `start` to `end` as shares of all steps, by label tokens."""
        first, last = round(start * len(self.losses)), round(end * len(self.losses))
        return self.steps(first, max(last, first + 1))

    def steps(self, first: int, last: int) -> Part:
        """Average the steps from `first` up to `last`, counted from 0, by label tokens."""
        losses, tokens = self.losses[first:last], self.tokens[first:last]
        total = max(sum(tokens), 1)
        mean = sum(loss * n for loss, n in zip(losses, tokens, strict=True)) / total
        # Where steps weigh unequally, they count as fewer (L. Kish, 1965).
        return Part(mean, self.noise * math.sqrt(sum(n * n for n in tokens)) / total)


def is_above(upper: Part, lower: Part, share: float) -> bool:
    """Tell whether a loss is higher than another by more than this share of it, and by more than chance."""
    difference = upper.loss - lower.loss
    return difference > share * lower.loss and difference > SURE * math.hypot(upper.error, lower.error)


def is_level(first: Part, last: Part, share: float) -> bool:
    """Tell whether a loss fell by less than this share, and chance hides no more than three times that."""
    fall, error = first.loss - last.loss, math.hypot(first.error, last.error)
    return fall < share * first.loss and fall + BOUND * error < 3 * share * first.loss


@dataclass(frozen=True)
class ExaminedRun:
    """All that is known of a run. `curve` is None where the trainer left no summary that can be read."""

    manifest: Manifest
    exam: ExamResult
    settings: TrainSettings = field(default_factory=TrainSettings)
    curve: LossCurve | None = None
    samples: int = 0
    margin: float = 0.1

    def measure(self, name: str) -> Measure | None:
        """Find what the tuned model got, where it was asked enough."""
        found = next((measure for measure in self.exam.tuned.measures if measure.name == name), None)
        return found if found and found.n >= ENOUGH else None

    def weakest(self, stem: str) -> Measure | None:
        """Find the measure of this name in the language in which the tuned model does worse, of those asked enough."""
        found = [self.measure(f"{stem}_{lang}") for lang in LANGUAGES]
        return min((measure for measure in found if measure), key=lambda measure: measure.value, default=None)

    def base(self, name: str) -> float:
        return next((measure.value for measure in self.exam.base.measures if measure.name == name), math.nan)

    def worse(self, *stems: str) -> list[Comparison]:
        """Find the measures of these names, in each language, that are worse than the base."""
        names = {f"{stem}_{lang}" for stem in stems for lang in LANGUAGES}
        return [found for found in self.exam.comparisons if found.measure in names and found.verdict == "worse"]

    def changes(self, names: Iterable[str]) -> Bilingual:
        """Write measures with what base and tuned model got, the largest changes first, and no more than a few."""
        tuned = sorted(self._tuned(names), key=lambda m: -abs(m.value - self.base(m.name)))
        words = [
            (
                MEASURES.get(m.name, Bilingual(m.name, m.name)),
                formatted(m.name, self.base(m.name)),
                formatted(m.name, m.value),
            )
            for m in tuned[:NAMED]
        ]
        en, zh = (", …", "等") if len(tuned) > NAMED else ("", "")
        return Bilingual(
            ", ".join(f"{name.en.strip()} {old} → {new}" for name, old, new in words) + en,
            "，".join(f"{name.zh.strip()} {old} → {new}" for name, old, new in words) + zh,
        )

    def _tuned(self, names: Iterable[str]) -> list[Measure]:
        wanted = set(names)
        return [measure for measure in self.exam.tuned.measures if measure.name in wanted]

    def share(self, kind: str) -> Share:
        """Find what a kind is of the training set."""
        none = Share(kind=kind, rows=0, share=0, answer_chars=0, answer_share=0)
        return next((share for share in self.manifest.shares if share.kind == kind), none)

    @property
    def languages(self) -> list[Lang]:
        """The languages in which the assistant has a name."""
        return [lang for lang in LANGUAGES if getattr(self.manifest.identity, lang, None)]

    @property
    def last_epoch(self) -> Part | None:
        """The loss over the last pass through the rows, or over all of it where there was no whole one."""
        if self.curve is None:
            return None
        n = len(self.curve.losses)
        return self.curve.steps(max(0, n - self._steps_per_epoch), n)

    @property
    def last_epochs(self) -> tuple[Part, Part] | None:
        """The losses of the last pass but one and of the last; None where there were fewer.

        Both are over the same rows: chance does not move the one against the other.
        """
        return self._epochs(2)

    @property
    def first_and_last_epoch(self) -> tuple[Part, Part] | None:
        """The losses of the first and of the last pass, likewise."""
        n = len(self.curve.losses) if self.curve else 0
        return self._epochs(n // self._steps_per_epoch)

    def _epochs(self, back: int) -> tuple[Part, Part] | None:
        """Average the pass that begins so many passes before the end, and the last."""
        if self.curve is None or back < 2 or len(self.curve.losses) < 2 * self._steps_per_epoch:
            return None
        n, one = len(self.curve.losses), self._steps_per_epoch
        early, late = self.curve.steps(n - back * one, n - (back - 1) * one), self.curve.steps(n - one, n)
        return early._replace(error=0.0), late._replace(error=0.0)

    @property
    def _steps_per_epoch(self) -> int:
        return max(1, math.ceil(math.ceil(self.samples / self.settings.batch) / self.settings.accumulate))
