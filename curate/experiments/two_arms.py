"""Compares two assistants that served customers side by side: each measure of both, and whether they differ."""

import math
from collections.abc import Mapping

import polars as pl

from curate.experiments.columns import LogColumns
from curate.experiments.conversations import TRUTHS, Conversations
from curate.experiments.log_rows import LogRows
from curate.experiments.two_means import compare_means, sample_of
from schemas.exam import ComparisonVerdict
from schemas.record import Frozen
from schemas.statistics.intervals import wilson
from schemas.statistics.paired import holm
from schemas.statistics.unpaired import fisher, mean_interval, needed_for_means, needed_for_rates, newcombe

ENOUGH = 10
"""Conversations of an arm below which no verdict is given."""
LEVEL = 0.05
DEVIATIONS = 0.5
"""Standard deviations between two means that matter: the half that people notice (G. R. Norman et al., 2003)."""
LESS_IS_BETTER = ("turns", "handed_over")


class ArmMeasure(Frozen):
    """One measure of one arm: a rate or a mean over n conversations, with its 95 % interval; None where n says
    nothing."""

    arm: str
    n: int
    value: float | None
    low: float | None
    high: float | None


class ArmComparison(Frozen):
    """One measure of both arms. `difference` is that of the second arm less the first, the base.

    `p` is two-sided; `p_adjusted` corrects it for the number of measures (Holm) and decides, at 5 %. `missing` are the
    conversations of each arm that are still to come to see a difference that matters.
    """

    measure: str
    arms: tuple[ArmMeasure, ArmMeasure]
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    verdict: ComparisonVerdict = "too_few"
    """Of the second arm."""
    missing: tuple[int | None, int | None] = (0, 0)


class ArmReport(Frozen):
    """What a comparison found. `counted` says what was left out or noted; `columns` what each file's columns hold."""

    arms: tuple[str, str]
    conversations: tuple[int, int]
    comparisons: tuple[ArmComparison, ...]
    margin: float
    turns_are: str
    counted: Mapping[str, int]
    only_yes: tuple[str, ...]
    """Measures that say yes or nothing at all: an empty cell may mean no."""
    zero_scores: int
    """Scores of 0 in a file whose other scores are whole numbers from 1 on: they may mean that nobody rated."""
    columns: Mapping[str, LogColumns]


def compare_arms(conversations: Conversations, log: LogRows, margin: float) -> ArmReport:
    """Compare the arms measure by measure. `margin` is the least difference of two rates that matters."""
    table = conversations.table
    parts = [table.filter(pl.col("arm") == arm) for arm in conversations.arms]
    first, second = parts
    drafts = [_compared(name, first, second, conversations.arms) for name in conversations.measures]
    judged = [draft for draft in drafts if draft.p is not None and min(m.n for m in draft.arms) >= ENOUGH]
    corrected = holm([draft.p for draft in judged if draft.p is not None])
    adjusted = dict(zip((draft.measure for draft in judged), corrected, strict=True))
    level = LEVEL / max(1, len(drafts))
    heights = (first.height, second.height)
    return ArmReport(
        arms=conversations.arms,
        conversations=heights,
        comparisons=tuple(_judged(d, adjusted.get(d.measure), _needed(d, margin, level), heights) for d in drafts),
        margin=margin,
        turns_are=conversations.turns_are,
        counted=conversations.counted,
        only_yes=tuple(name for name in TRUTHS if table[name].null_count() and table[name].all() and table[name].any()),
        zero_scores=_zero_scores(table["score"]),
        columns=dict(log.files),
    )


def _compared(name: str, first: pl.DataFrame, second: pl.DataFrame, arms: tuple[str, str]) -> ArmComparison:
    if name in TRUTHS:
        return _rates(name, first[name].drop_nulls(), second[name].drop_nulls(), arms)
    return _means(name, first[name].drop_nulls(), second[name].drop_nulls(), arms)


def _rates(name: str, first: pl.Series, second: pl.Series, arms: tuple[str, str]) -> ArmComparison:
    """Compare two rates: Wilson's interval of each, Newcombe's of the difference, Fisher's exact test."""
    hits_1, n_1, hits_2, n_2 = int(first.sum()), len(first), int(second.sum()), len(second)
    sides = (_rate(arms[0], hits_1, n_1), _rate(arms[1], hits_2, n_2))
    if not n_1 or not n_2:
        return ArmComparison(measure=name, arms=sides)
    low, high = newcombe(hits_1, n_1, hits_2, n_2)
    p = fisher(hits_1, n_1, hits_2, n_2)
    return ArmComparison(measure=name, arms=sides, difference=hits_2 / n_2 - hits_1 / n_1, low=low, high=high, p=p)


def _rate(arm: str, hits: int, n: int) -> ArmMeasure:
    if n == 0:
        return ArmMeasure(arm=arm, n=0, value=None, low=None, high=None)
    low, high = wilson(hits, n)
    return ArmMeasure(arm=arm, n=n, value=hits / n, low=low, high=high)


def _means(name: str, first: pl.Series, second: pl.Series, arms: tuple[str, str]) -> ArmComparison:
    """Compare two means: Student's interval of each, Welch's interval and test."""
    sides = (_mean(arms[0], first), _mean(arms[1], second))
    if min(len(first), len(second)) < 2:
        return ArmComparison(measure=name, arms=sides)
    found = compare_means(first, second)
    low, high = found.interval
    return ArmComparison(measure=name, arms=sides, difference=found.difference, low=low, high=high, p=found.p)


def _mean(arm: str, values: pl.Series) -> ArmMeasure:
    sample = sample_of(values)
    interval = mean_interval(sample)
    low, high = interval or (None, None)
    return ArmMeasure(arm=arm, n=sample.n, value=sample.mean if sample.n else None, low=low, high=high)


def _needed(draft: ArmComparison, margin: float, level: float) -> int:
    """Estimate how many known values of each arm show a difference that matters, at the level of the first in Holm's
    row: then it is found whatever the other measures say.
    """
    if draft.measure not in TRUTHS:
        return max(ENOUGH, needed_for_means(DEVIATIONS, level))
    known = [(side.value, side.n) for side in draft.arms if side.value is not None]
    rate = sum(value * n for value, n in known) / max(1, sum(n for _, n in known)) if known else 0.5
    return max(ENOUGH, needed_for_rates(rate, margin, level))


def _judged(draft: ArmComparison, adjusted: float | None, needed: int, heights: tuple[int, int]) -> ArmComparison:
    """Give the verdict; where there is none, say how many conversations are missing. Not all of them are rated: as many
    more are needed as the share of known ones says.
    """
    verdict: ComparisonVerdict = "too_few" if adjusted is None else "cannot_tell"
    if adjusted is not None and adjusted < LEVEL and draft.difference:
        verdict = "better" if (draft.difference > 0) != (draft.measure in LESS_IS_BETTER) else "worse"
    if verdict in ("better", "worse"):
        return draft.model_copy(update={"verdict": verdict, "p_adjusted": adjusted})
    first, second = (
        math.ceil(max(0, needed - side.n) * height / side.n) if side.n else None
        for side, height in zip(draft.arms, heights, strict=True)
    )
    return draft.model_copy(update={"verdict": verdict, "p_adjusted": adjusted, "missing": (first, second)})


def _zero_scores(scores: pl.Series) -> int:
    """Count the scores of 0 where all others are whole numbers from 1 to 10: a platform may write 0 for unrated."""
    known = scores.drop_nulls()
    others = known.filter(known != 0)
    is_scale = len(others) > 0 and bool(((others % 1 == 0) & others.is_between(1, 10)).all())
    return len(known) - len(others) if is_scale else 0
