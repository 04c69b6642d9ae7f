"""Which limit of a rule would have agreed best with people, and how it does on rows that did not choose it."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.stages.quality import configured_rule, failures
from rules import LimitRule
from schemas.record import Frozen
from schemas.statistics.intervals import wilson
from schemas.statistics.paired import mcnemar

ENOUGH = 10
"""Decisions below which nothing is said."""
MOST_SCORES = 400
"""Different scores between which limits are tried; of more, so many that stand evenly apart."""
BLOCK = 512
"""Rows that are left out at once: each needs the sums of all limits."""
DIGITS = 9
"""Digits behind the point that a proposed limit may need."""

Flags = npt.NDArray[np.bool_]


class DecidedRows(NamedTuple):
    """Rows that people decided about: `kind`, the score of one rule, and whether they found each bad."""

    kinds: pl.Series
    scores: pl.Series
    bad: Flags


class TriedLimit(Frozen):
    """One limit of a rule, held against decisions: the rule agrees where it fails what people found bad, and passes
    what they found good.

    `best` agrees with the most of them, of equal ones the nearest to `today`. Since it was chosen on these rows,
    `agrees` flatters it: `held_out` counts how often the limit agrees that is best on all rows but the one in question
    (leave-one-out), with Wilson's 95 % interval; `p` compares that with today's limit, row by row (McNemar).
    """

    limit: str
    n: int
    today: float
    today_agrees: int
    best: float
    agrees: int
    held_out: int
    low: float
    high: float
    p: float


def tried_limits(name: str, rule: LimitRule, decided: DecidedRows) -> Iterator[TriedLimit]:
    """Try every limit of a rule that is a number, the others as they are today.

    A kind that has a limit of its own says nothing of the common one. Nothing is said of fewer than ENOUGH rows.
    """
    for limit in (limit for limit in rule.limits if isinstance(getattr(rule, limit, None), int | float)):
        own = [kind for kind, limits in rule.by_kind.items() if limit in limits]
        common = ~decided.kinds.is_in(own)
        if common.sum() >= ENOUGH and decided.scores.dtype.is_numeric():
            rows = DecidedRows(
                decided.kinds.filter(common), decided.scores.filter(common), decided.bad[common.to_numpy()]
            )
            yield _tried(name, rule, limit, rows)


def _tried(name: str, rule: LimitRule, limit: str, rows: DecidedRows) -> TriedLimit:
    today = getattr(rule, limit)
    measured = pl.DataFrame({"kind": rows.kinds, name: rows.scores})
    values, agrees = [], []
    for value in sorted(_candidates(rows.scores, today), key=lambda value: (abs(value - today), value)):
        try:
            tried = configured_rule(name, {**rule.model_dump(), limit: value})
        except ValueError:  # beyond what the rule allows
            continue
        values.append(value)
        agrees.append(failures(measured, {name: tried})[name].to_numpy() == rows.bad)

    agreed = np.array(agrees)  # today's limit comes first: it is the nearest to itself
    best = int(agreed.sum(axis=1).argmax())
    held_out = _held_out(agreed)
    n = len(rows.bad)
    low, high = wilson(int(held_out.sum()), n)
    return TriedLimit(
        limit=limit,
        n=n,
        today=today,
        today_agrees=int(agreed[0].sum()),
        best=values[best],
        agrees=int(agreed[best].sum()),
        held_out=int(held_out.sum()),
        low=low,
        high=high,
        p=mcnemar(int((agreed[0] & ~held_out).sum()), int((held_out & ~agreed[0]).sum())),
    )


def _held_out(agreed: Flags) -> Flags:
    """Tell for each row whether the limit agrees with it that agrees best with all others."""
    totals = agreed.sum(axis=1, dtype=np.int32)[:, None]
    blocks = []
    for start in range(0, agreed.shape[1], BLOCK):
        block = agreed[:, start : start + BLOCK]
        chosen = (totals - block).argmax(axis=0)
        blocks.append(block[chosen, np.arange(block.shape[1])])
    return np.concatenate(blocks)


def _candidates(scores: pl.Series, today: float) -> set[float]:
    """Give limits that tell the scores apart in every way: today's, and some on either side of each score."""
    different = scores.drop_nulls().unique().sort()
    if different.len() > MOST_SCORES:
        chosen = np.linspace(0, different.len() - 1, MOST_SCORES).round().astype(int)
        different = different.gather(chosen)
    values = different.to_list()
    if scores.dtype.is_integer():
        return {today, *(value + step for value in values for step in (-1, 0, 1))}
    ends = [values[0] - abs(values[0]) - 1, *values, values[-1] + abs(values[-1]) + 1] if values else []
    return {today, *(_between(low, high, today) for low, high in pairwise(ends))}


def _between(low: float, high: float, wanted: float) -> float:
    """Find the number with the fewest digits between two others, and of these the nearest to a third."""
    for digits in range(DIGITS + 1):
        unit = 10**digits
        first, last = math.floor(low * unit) + 1, math.ceil(high * unit) - 1
        if first <= last:
            return min(max(round(wanted * unit), first), last) / unit
    return (low + high) / 2
