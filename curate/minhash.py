"""Near-duplicates among short texts: MinHash over character n-grams proposes pairs, exact Jaccard similarity decides.

A text shorter than n is one shingle, itself; an empty text has none and never matches anything.
"""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from curate.duplicates.links import Search, links
from curate.duplicates.shingles import Sizes, jaccard, shingles
from curate.duplicates.signatures import sketches

__all__ = ["Pair", "jaccard", "near_pairs", "shingles"]


class Pair(NamedTuple):
    """Two positions, the smaller first, and their exact Jaccard similarity."""

    first: int
    second: int
    jaccard: float


def near_pairs(texts: Sequence[str], threshold: float, size: int | Sizes, threads: int = 1) -> list[Pair]:
    """Pairs of texts whose sets of shingles have at least this Jaccard similarity, enough to link all that are alike.

    Equal texts are each linked to the first of them, and stand for themselves in other pairs no more.
    """
    given = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}).with_row_index("place")
    given = given.with_columns(first=pl.col("place").min().over("text"))
    single = given.filter((pl.col("place") == pl.col("first")) & (pl.col("text") != ""))
    again = given.filter((pl.col("place") != pl.col("first")) & (pl.col("text") != ""))
    found = links(single["text"], sketches(single["text"], size, threads), Search(size, threshold), threads)
    places = single["place"].to_numpy()
    near = [
        Pair(int(places[a]), int(places[b]), float(j)) for (a, b), j in zip(found.pairs, found.jaccard, strict=True)
    ]
    return sorted([*(Pair(first, place, 1.0) for place, first in again.select("place", "first").iter_rows()), *near])
