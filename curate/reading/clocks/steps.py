"""How the times of rows go up and down from one row to the next."""

import numpy as np
from numpy.typing import NDArray


def in_sessions(sessions: NDArray[np.int64], moments: NDArray[np.float64]) -> NDArray[np.int64]:
    """List the rows by session, in each by their moments; those of one moment stay in their order."""
    return np.lexsort((moments, sessions))


def steps(moments: NDArray[np.float64], sessions: NDArray[np.int64] | None) -> tuple[int, int]:
    """Count the steps up and down from each row to the next, of its session where sessions are given. Rows without a
    moment (NaN) are stepped over.
    """
    rows = np.flatnonzero(~np.isnan(moments))
    if sessions is not None:
        rows = rows[np.argsort(sessions[rows], kind="stable")]
    change = np.diff(moments[rows])
    if sessions is not None:
        change = change[np.diff(sessions[rows]) == 0]
    return int(np.count_nonzero(change > 0)), int(np.count_nonzero(change < 0))
