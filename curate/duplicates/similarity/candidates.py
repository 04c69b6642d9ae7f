"""Finds similar texts: signatures propose pairs, exact Jaccard similarity decides.

Equal texts are one from the start. What a bucket holds is linked as a star, to its first and to the text before it,
and what is joined already is not compared again: a bucket of any size costs what its texts cost.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from curate.duplicates.similarity.arrays import Indices, Mask, Numbers, Pairs, Sketch
from curate.duplicates.similarity.bitmaps import ShingleBitmaps, popcount
from curate.duplicates.similarity.jaccard import jaccards
from curate.duplicates.similarity.minhash import PERMUTATIONS, band_keys, rows_per_band, sketches
from curate.duplicates.similarity.shingles import ShingleSizes
from curate.duplicates.similarity.union_find import union
from curate.system.parallel import SERIAL, Cores

BANDS_PER_ROUND = 4
"""Bands that propose at once, before what was found is joined; the first goes alone: it empties large buckets."""
SIGMAS = 2.5
"""An estimate this many standard errors below the limit is not worth an exact measure."""
FIRST_VALUES = PERMUTATIONS // 4
"""Values of a signature that are compared first."""
CHUNK = 1 << 12
"""Pairs whose signatures are compared at once."""
LOW_HALF = np.uint64(0xFFFFFFFF)

Confirm = Callable[[Pairs, Mask], Pairs]
"""Measures proposed pairs, and returns those that it joins: texts that are joined are not proposed again.

The mask says which pairs agree so well by their signatures that only an exact measure could rule them out.
"""


class Search(NamedTuple):
    """What pairs are looked for: those whose shingles of this size have at least this Jaccard similarity."""

    size: int | ShingleSizes
    floor: float


class Buckets(NamedTuple):
    """The texts that share a band key with others: their indices, bucket by bucket, each bucket in order."""

    indices: Indices
    later: Indices
    """Where in `indices` all but the first of each bucket stand."""


Anchor = Callable[[Buckets], Indices]
"""For each of `later`, where in `indices` the text stands that it is paired with."""
Proposed = tuple[Pairs, Mask]
"""Pairs, and which of them agree so well that only an exact measure could rule them out."""


class Links(NamedTuple):
    """Pairs of indices, the smaller first, sorted, with their exact Jaccard similarity."""

    pairs: Pairs
    """Shape (links, 2)."""
    jaccard: Numbers


def find_links(texts: pl.Series, sketch: Sketch, search: Search, cores: Cores = SERIAL) -> Links:
    """Find links between texts as similar as the search asks; texts that are joined are not compared again."""
    bitmaps = ShingleBitmaps(texts, search.size, cores)
    found = [Links(np.empty((0, 2), np.int64), np.empty(0))]

    def confirm(pairs: Pairs, sure: Mask) -> Pairs:
        possible = sure.copy()
        possible[~sure] = bitmaps.may_reach(pairs[~sure], search.floor)
        measured = pairs[possible]
        similarity = jaccards(texts, measured, search.size, cores)
        near = similarity >= search.floor
        found.append(Links(measured[near], similarity[near]))
        return measured[near]

    propose(sketch, np.flatnonzero(texts.str.len_bytes().to_numpy()), search.floor, confirm, cores)
    pairs = np.concatenate([links.pairs for links in found])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Links(pairs[order], np.concatenate([links.jaccard for links in found])[order])


def propose(sketch: Sketch, filled: Indices, floor: float, confirm: Confirm, cores: Cores = SERIAL) -> None:
    """Hand `confirm` the pairs among the `filled` indices that may reach `floor`, each once, round by round."""
    if not len(filled):
        return
    tree, checked = np.arange(len(sketch)), np.empty(0, np.int64)
    stages, rows = (np.ascontiguousarray(sketch[:, :FIRST_VALUES]), sketch), rows_per_band(floor)
    for bands in _rounds(PERMUTATIONS // rows):
        buckets = list(cores.map_in_threads(partial(_buckets, sketch, filled, rows), bands))
        for anchor in (_first_of_bucket, _previous_in_bucket):
            # what shares a bucket, is not joined yet, and may be near by its signatures
            likely = cores.map_in_threads(partial(_likely, stages, floor, tree, anchor), buckets)
            pairs, sure = (np.concatenate(columns) for columns in zip(*likely, strict=True))

            # each pair once, over all bands and rounds
            codes, positions = np.unique(_pair_codes(pairs, tree), return_index=True)
            new = ~_is_in_sorted(codes, checked)
            checked = np.sort(np.concatenate([checked, codes[new]]))
            pairs, sure = pairs[positions[new]], sure[positions[new]]

            # one pair between each two trees first: where it joins them, the others need no measure
            first = _first_between_trees(pairs, tree)
            union(tree, confirm(pairs[first], sure[first]))
            apart = ~first & (tree[pairs[:, 0]] != tree[pairs[:, 1]])
            union(tree, confirm(pairs[apart], sure[apart]))


def cluster_leaders(texts: pl.Series, search: Search, cores: Cores = SERIAL) -> Indices:
    """Find for each text the smallest index of a text that it is joined with; an empty text stands alone."""
    table = pl.DataFrame({"text": texts}).with_row_index("index")
    distinct = table.filter(pl.col("text") != "").unique("text", keep="first", maintain_order=True)

    tree = np.arange(distinct.height)
    sketch = sketches(distinct["text"], search.size, cores)
    union(tree, find_links(distinct["text"], sketch, search, cores).pairs)

    leaders = distinct.with_columns(distinct["index"].gather(tree).alias("leader")).select("text", "leader")
    led = table.join(leaders, on="text", how="left", maintain_order="left")
    return led.select(pl.coalesce("leader", "index")).to_series().to_numpy().astype(np.int64)


def _rounds(bands: int) -> Iterator[range]:
    """Deal the bands to rounds."""
    yield range(1)
    yield from (range(first, min(first + BANDS_PER_ROUND, bands)) for first in range(1, bands, BANDS_PER_ROUND))


def _buckets(sketch: Sketch, filled: Indices, rows: int, band: int) -> Buckets:
    """Put the texts of equal band keys together."""
    # key and index in one number, so that one sort orders by both
    keyed = (band_keys(sketch, band, rows)[filled] << np.uint64(32)) | filled.astype(np.uint64)
    keyed.sort()
    keys = (keyed >> np.uint64(32)).astype(np.uint32)

    again = np.append(False, keys[1:] == keys[:-1])
    shared = again.copy()
    shared[:-1] |= again[1:]
    return Buckets((keyed[shared] & LOW_HALF).astype(np.int64), np.flatnonzero(again[shared]))


def _first_of_bucket(buckets: Buckets) -> Indices:
    """Pair each later text with the first of its bucket."""
    begins = np.flatnonzero(np.diff(buckets.later, prepend=-1) != 1)
    return np.repeat(buckets.later[begins] - 1, np.diff(np.append(begins, len(buckets.later))))


def _previous_in_bucket(buckets: Buckets) -> Indices:
    """Pair each later text with the one before it."""
    return buckets.later - 1


def _likely(stages: tuple[Sketch, ...], floor: float, tree: Indices, anchor: Anchor, buckets: Buckets) -> Proposed:
    """Choose the pairs of a band that are not joined yet, and that their signatures do not rule out."""
    anchors, roots = anchor(buckets), tree[buckets.indices]
    apart = roots[anchors] != roots[buckets.later]
    return _promising(stages, floor, (buckets.indices[anchors[apart]], buckets.indices[buckets.later[apart]]))


def _promising(stages: tuple[Sketch, ...], floor: float, ends: tuple[Indices, Indices]) -> Proposed:
    """Choose the pairs that may reach `floor`, by a few values of their signatures first, then by all of them.

    Of k values the number that agree is binomial with mean k s and variance k s (1 - s), where s is the Jaccard
    similarity. At the floor that is the standard error; a pair that stays SIGMAS of it below the mean is given up, and
    one that is as much above it all but reaches the floor.
    """
    agreeing = np.empty(0, np.int64)
    for sketch in stages:
        agreeing = np.empty(len(ends[0]), np.int64)
        for start in range(0, len(agreeing), CHUNK):
            first, second = (sketch.take(indices[start : start + CHUNK], axis=0) for indices in ends)
            agreeing[start : start + CHUNK] = popcount(np.packbits(first == second, axis=1))

        slack = SIGMAS * (floor * (1 - floor) * sketch.shape[1]) ** 0.5
        expected = floor * sketch.shape[1]
        near = agreeing >= expected - slack
        ends, agreeing = (ends[0][near], ends[1][near]), agreeing[near]
    return np.stack(ends, axis=1), agreeing >= expected + slack


def _pair_codes(pairs: Pairs, tree: Indices) -> Indices:
    """Number each pair by both of its indices."""
    return pairs[:, 0] * len(tree) + pairs[:, 1]


def _first_between_trees(pairs: Pairs, tree: Indices) -> Mask:
    """Mark the first pair between each two trees."""
    first = np.zeros(len(pairs), bool)
    first[np.unique(_pair_codes(np.sort(tree[pairs], axis=1), tree), return_index=True)[1]] = True
    return first


def _is_in_sorted(codes: Indices, ranked: Indices) -> Mask:
    """Tell which of the codes stand in `ranked`, which is sorted."""
    positions = np.searchsorted(ranked, codes)
    found = positions < len(ranked)
    found[found] = ranked[positions[found]] == codes[found]
    return found
