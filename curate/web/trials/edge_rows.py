"""The rows at the edge of a limit: those that pass it most narrowly, and those that it fails most narrowly."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.history.rule_trial import VERDICTS, Flags, RuleTrial, RuleTrials
from curate.reviewing.candidates import limits_of

EACH = 5
"""Rows of either side that are shown."""
MOST_EQUAL = 100
"""Rows of one score among which the first by id are chosen."""

Distances = npt.NDArray[np.float32]


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


def _distances(trials: RuleTrials, trial: RuleTrial) -> Distances | None:
    """Measure how far each score is from the nearest limit of its kind: from those that are tried, where any is."""
    if not trials.score.dtype.is_numeric():
        return None
    names, kinds = trials.kinds
    nearest = [_limits_to_look_at(trial, kind) for kind in names]
    if not any(nearest):
        return None
    scores = trials.score.cast(pl.Float32).to_numpy()
    distances: Distances = np.full(len(scores), np.inf, np.float32)
    for name in sorted({name for limits in nearest for name in limits}):
        of_kinds = np.array([limits.get(name, np.inf) for limits in nearest], np.float32)
        np.fmin(distances, np.abs(scores - of_kinds[kinds]), out=distances)
    return distances


def _limits_to_look_at(trial: RuleTrial, kind: str) -> dict[str, float]:
    """Choose the limits of a kind that are tried; all of them, where none is tried of any kind."""
    today, tried = limits_of(trial.before, kind), limits_of(trial.after, kind)
    changed = {name: value for name, value in tried.items() if value != today[name]}
    is_tried = trial.after.model_copy(update={"action": trial.before.action}) != trial.before
    return changed if is_tried else tried


def _first(trials: RuleTrials, trial: RuleTrial, among: Flags, order: npt.NDArray[Any], most: int) -> Iterator[int]:
    """Give the indices of the first rows in this order, ties by id; those without a distance are left out."""
    distances = np.where(among, order, np.inf)
    last = np.partition(distances, most - 1)[most - 1] if len(distances) > most else np.inf
    index = np.flatnonzero((distances <= last) & (distances < np.inf))
    index = index[np.argsort(distances[index], kind="stable")][:MOST_EQUAL]
    values = distances[index]
    ids = trials.table["id"].gather(index).to_list()
    ranked = sorted(zip(values.tolist(), ids, index.tolist(), strict=True))
    yield from (n for _, _, n in ranked[:most])
