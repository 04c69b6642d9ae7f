"""Which contents a build has met, in eight bytes each: a book of ten million rows must fit into memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.digest import SIZE

KEPT = 8
"""Bytes of a digest that are kept, the first ones: two contents that agree in them are told apart by their order,
as equal ones."""


class Seen:
    """Counts equal contents. Known digests lie in sorted runs, each at least twice as long as the next."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []
        self._again: dict[int, int] = {}
        """How often what came more than once has come."""

    def ordinals(self, contents: Sequence[str]) -> list[int]:
        """For each digest how many equal ones came before it; they have come then."""
        digests = np.frombuffer(bytes.fromhex("".join(contents)), dtype=">u8")
        keys = digests[:: SIZE // KEPT].astype(np.uint64)
        known = self._known(keys)
        fresh, first = np.unique(keys[~known], return_index=True)
        repeats = np.ones(len(keys), dtype=bool)
        repeats[np.flatnonzero(~known)[first]] = False
        ordinals = [0] * len(keys)
        for place in np.flatnonzero(repeats).tolist():
            key = int(keys[place])
            ordinals[place] = self._again.get(key, 1)
            self._again[key] = ordinals[place] + 1
        self._keep(fresh)
        return ordinals

    def _known(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        known = np.zeros(len(keys), dtype=bool)
        for run in self._runs:
            places = np.searchsorted(run, keys)
            known |= run[np.minimum(places, len(run) - 1)] == keys
        return known

    def _keep(self, fresh: NDArray[np.uint64]) -> None:
        while self._runs and len(self._runs[-1]) < 2 * len(fresh):
            fresh = np.sort(np.concatenate([self._runs.pop(), fresh]))
        if len(fresh):
            self._runs.append(fresh)
