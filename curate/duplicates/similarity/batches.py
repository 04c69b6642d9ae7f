"""Builds a column or a table from a batch of rows at a time: on the way to it they take several times its memory."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

ROWS = 1 << 18
Whole = TypeVar("Whole", pl.Series, pl.DataFrame, npt.NDArray[np.uint8])
Built = TypeVar("Built", pl.Series, pl.DataFrame)


def in_batches(whole: Whole, build: Callable[[Whole], Built], rows: int = ROWS) -> Built:
    """Build from all rows, `rows` of them at a time."""
    starts = range(0, max(len(whole), 1), rows)
    return pl.concat([build(whole[start : start + rows]) for start in starts], rechunk=True)
