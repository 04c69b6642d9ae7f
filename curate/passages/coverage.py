"""Measures how much of a question stands in the best passage, with what is rare in the book counting for more."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.passages.terms import rows_of_terms, terms

Weights = npt.NDArray[np.int64]

UNITS = 1_000_000
"""Weights are whole millionths: sums of them are the same on every machine, in any order."""


class Nearest(NamedTuple):
    """The record whose exchange holds the largest share of a question, and that share; no record where none does."""

    id: str | None
    score: float


def nearest(questions: Sequence[str], passages: pl.DataFrame) -> list[Nearest]:
    """Find for each question the passage that holds most of it; of equal ones that with the first id.

    `passages` has the columns `id` and `text`. The score is the sum of the weights of the question's terms that the
    passage holds, divided by the sum of all of them: 1 where it holds all, 0 where it holds none, whatever the book. A
    term weighs by how few passages hold it; one that none holds weighs most.
    """
    # what agents say again and again counts once
    distinct = passages.sort("id", "text").unique("text", keep="first", maintain_order=True)
    cut = terms(questions)
    rows = rows_of_terms(distinct["text"], sorted(set(chain.from_iterable(cut))))
    weights = _weights(np.array([len(found) for found in rows.values()], np.int64), distinct.height)
    weighed = dict(zip(rows, weights.tolist(), strict=True))

    found = []
    for question in cut:
        held = np.zeros(distinct.height, np.int64)
        for term in question:
            held[rows[term]] += weighed[term]
        best = int(held.argmax()) if len(held) else -1
        share = int(held[best]) / sum(weighed[term] for term in question) if best >= 0 and held[best] else 0.0
        found.append(Nearest(distinct["id"][best] if share else None, round(share, 4)))
    return found


def _weights(holders: Weights, passages: int) -> Weights:
    """Weigh terms by the number df of the n passages that hold each: log(1 + n / (df + 1))."""
    idf = np.log1p(passages / (holders + 1))
    return np.rint(idf * UNITS).astype(np.int64)
