"""The rows at the edge of a limit: those that pass it most narrowly, and those that it fails most narrowly."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from curate.history.rule_trial import VERDICTS, Flags, RuleTrial, RuleTrials
from curate.reviewing.candidates import limits_of

EACH = 5
"""Rows of either side that are shown."""
MOST_EQUAL = 100
"""Rows of one score among which the first by id are chosen."""


class EdgeRow(NamedTuple):
    """One row: what was measured of it, whether it fails, and what becomes of it today and with the trial."""

    id: str
    kind: str
    score: Any
    fails: bool
    before: str
    after: str


def edge_rows(trials: RuleTrials, trial: RuleTrial) -> list[EdgeRow]:
    """Choose the rows, those that fail first; of a rule without limits some that fail it, those that move first."""
    judged = trials.judged & trials.score.is_not_null().to_numpy()
    distance = _distances(trials, trial)
    if distance is None:
        chosen = list(_first(trials, trial, judged & trial.fails, ~trial.moved, 2 * EACH))
    else:
        sides = (judged & trial.fails, judged & ~trial.fails)
        chosen = [index for side in sides for index in _first(trials, trial, side, distance, EACH)]
    rows = trials.table[chosen].rows()
    return [
        EdgeRow(id, kind, score, bool(trial.fails[n]), VERDICTS[trial.old[n]], VERDICTS[trial.new[n]])
        for n, (id, kind, score, _) in zip(chosen, rows, strict=True)
    ]


def _distances(trials: RuleTrials, trial: RuleTrial) -> npt.NDArray[np.float64] | None:
    """Measure how far each score is from the nearest limit of its kind: from those that are tried, where any is."""
    if not trials.score.dtype.is_numeric():
        return None
    scores = trials.score.cast(float).fill_null(float("nan")).to_numpy()
    distances: npt.NDArray[np.float64] = np.full(len(scores), np.inf)
    names, kinds = trials.kinds
    for number, kind in enumerate(names):
        today, tried = limits_of(trial.before, kind), limits_of(trial.after, kind)
        limits = [value for name, value in tried.items() if value != today[name]] or (
            [] if trial.before != trial.after and trial.before.action == trial.after.action else list(tried.values())
        )
        if limits:
            of_kind = np.flatnonzero(kinds == number)
            distances[of_kind] = np.min([np.abs(scores[of_kind] - limit) for limit in limits], axis=0)
    return distances if np.isfinite(distances).any() else None


def _first(trials: RuleTrials, trial: RuleTrial, among: Flags, order: npt.NDArray[Any], most: int) -> Iterator[int]:
    """Give the indices of the first rows in this order, ties by id; those without a distance are left out."""
    index = np.flatnonzero(among)
    values = order[index].astype(float)
    index, values = index[np.isfinite(values)], values[np.isfinite(values)]
    if len(index) > most:
        nearest = values <= np.partition(values, most - 1)[most - 1]
        index, values = index[nearest][:MOST_EQUAL], values[nearest][:MOST_EQUAL]
    ids = trials.table["id"].gather(index).to_list()
    ranked = sorted(zip(values.tolist(), ids, index.tolist(), strict=True))
    yield from (n for _, _, n in ranked[:most])
