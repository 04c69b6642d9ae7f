"""The facts of records as numbers, equal where the facts are: a million of them take 16 MB, and each is read once."""

from collections.abc import Collection
from functools import partial
from itertools import compress

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.facts import Facts, facts_of_each
from curate.duplicates.sides import Compare, words_of
from curate.duplicates.similarity.jaccard import Places
from curate.system.parallel import HERE, Cores

CHUNK = 1 << 12
"""Texts that are read in one go, here or in another process."""

Codes = npt.NDArray[np.int32]


class FactCodes:
    """The facts of the records that are asked for, by their number among `places`, which are those in the frame."""

    def __init__(
        self, frame: pl.DataFrame, places: pl.Series, compare: Compare, names: Collection[str], cores: Cores = HERE
    ) -> None:
        self.messages, self.places, self.compare, self.cores = frame.select("messages"), places, compare, cores
        self.read = partial(facts_of_each, names=frozenset(name.casefold() for name in names))
        self.codes = np.full((len(places), len(Facts._fields)), -1, np.int32)
        self.known: list[dict[tuple[str, ...], int]] = [{} for _ in Facts._fields]

    def of(self, places: Places) -> Codes:
        """Shape (places, kinds of facts); the numbers of one kind say nothing about another one."""
        new = np.unique(places[self.codes[places, 0] < 0])
        starts = range(0, len(new), CHUNK)
        read = self.cores.each(self.read, lambda start: self._said(new[start : start + CHUNK]), starts)
        for start, told in zip(starts, read, strict=True):
            for place, facts in zip(new[start : start + CHUNK], told, strict=True):
                kinds = zip(self.known, facts, strict=True)
                self.codes[place] = [known.setdefault(fact, len(known)) for known, fact in kinds]
        return self.codes[places]

    def unequal(self, one: Places, other: Places) -> npt.NDArray[np.bool_]:
        """Shape (places, kinds of facts): which are not equal."""
        return self.of(one) != self.of(other)

    def differ(self, one: Places, other: Places) -> list[tuple[str, ...]]:
        """For each pair of places the names of the facts that are not equal."""
        return [tuple(compress(Facts._fields, row)) for row in self.unequal(one, other).tolist()]

    def _said(self, some: Places) -> list[str]:
        return words_of(self.messages[self.places.gather(some)], self.compare)
