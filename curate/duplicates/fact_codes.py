"""The facts of records as numbers, equal where the facts are: a million of them take 16 MB, and each is read once."""

from collections.abc import Collection
from functools import partial
from itertools import compress

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.sides import Compare, raw_texts
from curate.duplicates.similarity.arrays import Indices, Mask
from curate.duplicates.texts.facts import Facts, facts_of_each
from curate.system.parallel import SERIAL, Cores

CHUNK = 1 << 12
"""Texts that are read in one go, here or in another process."""

FactNumbers = npt.NDArray[np.int32]


class FactCodes:
    """The facts of records, by their indices in the order of survival; `order` holds those in the frame."""

    def __init__(
        self, frame: pl.DataFrame, order: pl.Series, compare: Compare, names: Collection[str], cores: Cores = SERIAL
    ) -> None:
        self.messages, self.order, self.compare, self.cores = frame.select("messages"), order, compare, cores
        self.read = partial(facts_of_each, names=frozenset(name.casefold() for name in names))
        self.codes = np.full((len(order), len(Facts._fields)), -1, np.int32)
        self.numbers: list[dict[tuple[str, ...], int]] = [{} for _ in Facts._fields]
        """The number of each fact that was read, kind by kind."""

    def of(self, indices: Indices) -> FactNumbers:
        """Number the facts: shape (indices, kinds of facts); the numbers of two kinds have nothing in common."""
        new = np.unique(indices[self.codes[indices, 0] < 0])
        starts = range(0, len(new), CHUNK)
        read = self.cores.map(self.read, lambda start: self._texts(new[start : start + CHUNK]), starts)
        for start, chunk in zip(starts, read, strict=True):
            for index, facts in zip(new[start : start + CHUNK], chunk, strict=True):
                kinds = zip(self.numbers, facts, strict=True)
                self.codes[index] = [numbers.setdefault(fact, len(numbers)) for numbers, fact in kinds]
        return self.codes[indices]

    def unequal(self, first: Indices, second: Indices) -> Mask:
        """Tell which facts of each pair are not equal: shape (pairs, kinds of facts)."""
        return self.of(first) != self.of(second)

    def differ(self, first: Indices, second: Indices) -> list[tuple[str, ...]]:
        """Name, for each pair of indices, the facts that are not equal."""
        return [tuple(compress(Facts._fields, row)) for row in self.unequal(first, second).tolist()]

    def _texts(self, indices: Indices) -> list[str]:
        return raw_texts(self.messages[self.order.gather(indices)], self.compare)
