"""Which contents a build has met, in eight bytes each: a dataset of ten million rows must fit into memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.digest import SIZE

KEY_SIZE = 8
"""Bytes of a digest that are kept, the first ones: two contents that agree in them are told apart by their order,
as equal ones."""


class ContentCounter:
    """Counts equal contents. The digests that have come lie in sorted runs, each at least twice as long as the next."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []
        self._times: dict[int, int] = {}
        """How often what came more than once has come."""

    def ordinals(self, contents: Sequence[str]) -> list[int]:
        """Count for each digest how many equal ones came before it, and remember all of them."""
        digests = np.frombuffer(bytes.fromhex("".join(contents)), dtype=">u8")
        keys = digests[:: SIZE // KEY_SIZE].astype(np.uint64)
        is_known = self._known(keys)
        fresh, first = np.unique(keys[~is_known], return_index=True)

        # All but the first of the fresh ones repeat something: only these need a count of their own.
        repeats = np.ones(len(keys), dtype=bool)
        repeats[np.flatnonzero(~is_known)[first]] = False
        ordinals = [0] * len(keys)
        for index in np.flatnonzero(repeats).tolist():
            key = int(keys[index])
            ordinals[index] = self._times.get(key, 1)
            self._times[key] = ordinals[index] + 1
        self._add(fresh)
        return ordinals

    def _known(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Tell which keys have come before, by a binary search in every run."""
        known = np.zeros(len(keys), dtype=bool)
        for run in self._runs:
            indices = np.searchsorted(run, keys)
            known |= run[np.minimum(indices, len(run) - 1)] == keys
        return known

    def _add(self, fresh: NDArray[np.uint64]) -> None:
        """Add a sorted run. Runs that are less than twice as long are merged with it, so that n keys lie in at most
        log2(n) runs and each key is merged at most as often.
        """
        while self._runs and len(self._runs[-1]) < 2 * len(fresh):
            fresh = np.sort(np.concatenate([self._runs.pop(), fresh]))
        if len(fresh):
            self._runs.append(fresh)
