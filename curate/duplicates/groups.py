"""Joins groups: what belongs together must stand on one side of the split."""

import numpy as np
import polars as pl

from curate.duplicates.similarity.union_find import union


def join_groups(frame: pl.DataFrame, first: pl.Series, second: pl.Series) -> pl.DataFrame:
    """Make one group of the two of each pair; a joined group is named by its smallest name."""
    names = pl.concat([first, second]).unique().sort()
    tree = np.arange(len(names))
    pairs = [groups.replace_strict(names, tree, return_dtype=pl.Int64).to_numpy() for groups in (first, second)]
    union(tree, np.stack(pairs, axis=1).astype(np.int64))

    # the names are sorted: the smallest index of a tree is its smallest name
    renamed = np.flatnonzero(tree != np.arange(len(names)))
    if not len(renamed):
        return frame
    return frame.with_columns(pl.col("group").replace(names.gather(renamed), names.gather(tree[renamed])))
