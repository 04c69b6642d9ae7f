"""Puts the seeds of an arm together, says what they can show, and chooses an arm."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from schemas.exam import ExamPaper, ExamResult, Measure
from schemas.statistics.families import rate_interval

SHOWN = (
    *("identity_strict", "trap_strict", "leak_near", "leak_elsewhere", "refusal_rate", "look_alike_refused"),
    *("over_refusal_rate", "perplexity"),
)
"""The measures of a sweep, by how their names begin; each stands for two, by language."""
POWER = 1.96 + 0.84
"""Standard errors between two means of which the difference is seen with 80 % power at 5 %."""


class PooledMeasure(NamedTuple):
    """A measure of an arm over its seeds: mean, 95 % interval, and what each seed has."""

    name: str
    value: float
    low: float
    high: float
    n: int
    seeds: tuple[float, ...]
    more_is_better: bool


def pooled(results: Sequence[ExamResult], *, base: bool = False) -> dict[str, PooledMeasure]:
    """Pool the measures that a sweep shows. `base`: those of the untrained model."""
    sheets = [(result.base if base else result.tuned).measures for result in results]
    names = [measure.name for measure in sheets[0] if measure.name.startswith(SHOWN)]
    by_name = [{measure.name: measure for measure in sheet} for sheet in sheets]
    return {name: _pooled([sheet[name] for sheet in by_name if name in sheet]) for name in names}


def _pooled(seeds: Sequence[Measure]) -> PooledMeasure:
    """Pool a measure. Of a rate, all answers of all seeds, of which those to questions of one family stand together.

    Of any other number the mean, with the interval of Student's t over the seeds; from one seed, its own interval.
    """
    first, values = seeds[0], tuple(measure.value for measure in seeds)
    mean = math.fsum(values) / len(values)
    if first.asked and not first.scores:
        hits = [question in set(measure.hits) for measure in seeds for question in measure.asked]
        families = [measure.family_of.get(question, question) for measure in seeds for question in measure.asked]
        low, high = rate_interval(hits, families)
    elif len(seeds) == 1:
        low, high = first.low, first.high
    else:
        variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
        half = STUDENT[min(len(values) - 1, len(STUDENT)) - 1] * math.sqrt(variance / len(values))
        low, high = mean - half, mean + half
    return PooledMeasure(first.name, mean, low, high, first.n, values, first.more_is_better)


STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)
"""The 97.5 % quantile of Student's t with 1, 2, … degrees of freedom."""


def smallest_difference(paper: ExamPaper, seeds: int) -> dict[str, float]:
    """Say by probe and language the least difference of two rates near one half that so many seeds can show.

    With 80 % power at 5 %, if answers of several seeds to a question are independent: at best.
    """
    counts: dict[str, int] = {}
    for question in paper.questions:
        if question.probe not in ("perplexity", "own"):
            key = f"{question.probe}_{question.lang}"
            counts[key] = counts.get(key, 0) + 1
    return {key: POWER * math.sqrt(2 * 0.25 / (n * seeds)) for key, n in sorted(counts.items())}


def shortfalls(arms: Sequence[dict[str, PooledMeasure]]) -> list[float]:
    """Compute how far each arm lies, in the measure that is worst for it, behind the best arm of that measure.

    Rates in themselves; perplexities as a share of the best.
    """
    worst = [0.0] * len(arms)
    for name in arms[0]:
        values = [arm[name].value for arm in arms if name in arm]
        if len(values) < len(arms):
            continue
        more = arms[0][name].more_is_better
        best = max(values) if more else min(values)
        scale = best if name.startswith("perplexity") else 1.0
        for number, value in enumerate(values):
            worst[number] = max(worst[number], abs(value - best) / scale)
    return worst


def chosen(arms: Sequence[dict[str, PooledMeasure]], margin: float) -> tuple[int, bool]:
    """Choose the first arm that lies within the margin of the best in every measure, and say whether there is one.

    Values are varied from the smallest up: the first is the smallest. Where none lies within, the one that lies least
    behind.
    """
    behind = shortfalls(arms)
    within = [number for number, worst in enumerate(behind) if worst <= margin]
    return (within[0], True) if within else (behind.index(min(behind)), False)
