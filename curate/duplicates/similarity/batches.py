"""A column or a table made of some rows at a time: on the way to it they take several times its room."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

ROWS = 1 << 18
Whole = TypeVar("Whole", pl.Series, pl.DataFrame, npt.NDArray[np.uint8])
Made = TypeVar("Made", pl.Series, pl.DataFrame)


def by_pieces(whole: Whole, made: Callable[[Whole], Made], rows: int = ROWS) -> Made:
    """What is made of all rows, made of so many at a time."""
    starts = range(0, max(len(whole), 1), rows)
    return pl.concat([made(whole[start : start + rows]) for start in starts], rechunk=True)
