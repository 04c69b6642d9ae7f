"""Joins groups: what belongs together must stand on one side of the split."""

from collections.abc import Iterable

import polars as pl


def joined(frame: pl.DataFrame, pairs: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """The frame with the groups of each pair made one; a joined group is named by its smallest name."""
    parent: dict[str, str] = {}

    def root(group: str) -> str:
        while (above := parent.get(group, group)) != group:
            parent[group] = parent.get(above, above)
            group = above
        return group

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    renamed = {group: root(group) for group in parent}
    if not renamed:
        return frame
    return frame.with_columns(group=pl.col("group").replace(renamed))
