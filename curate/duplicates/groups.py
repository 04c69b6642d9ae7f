"""Joins groups: what belongs together must stand on one side of the split."""

import numpy as np
import polars as pl

from curate.duplicates.similarity.union_find import grow


def joined(frame: pl.DataFrame, one: pl.Series, other: pl.Series) -> pl.DataFrame:
    """The frame with the groups of each pair made one; a joined group is named by its smallest name."""
    names = pl.concat([one, other]).unique().sort()
    tree = np.arange(len(names))
    places = [groups.replace_strict(names, tree, return_dtype=pl.Int64).to_numpy() for groups in (one, other)]
    grow(tree, np.stack(places, axis=1).astype(np.int64))
    renamed = np.flatnonzero(tree != np.arange(len(names)))
    if not len(renamed):
        return frame
    return frame.with_columns(pl.col("group").replace(names.gather(renamed), names.gather(tree[renamed])))
