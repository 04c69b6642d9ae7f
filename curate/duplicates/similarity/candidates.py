"""Which texts are alike: signatures propose, exact Jaccard similarity decides.

Texts that are equal are one from the start. What a bucket holds is linked as a star, to its first and to its neighbour,
and what is the same already is not compared again: a bucket of any size costs what its texts cost.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.similarity.bitmaps import Marks, ones
from curate.duplicates.similarity.jaccard import Pairs, Places, jaccards
from curate.duplicates.similarity.minhash import PERMUTATIONS, Sketch, band_keys, rows_of_band, sketches
from curate.duplicates.similarity.shingles import Sizes
from curate.duplicates.similarity.union_find import grow
from curate.system.parallel import HERE, Cores

ROUND = 4
"""Bands that propose at once, before what was found hangs together; the first goes alone: it empties large buckets."""
SIGMAS = 2.5
"""An estimate this many standard errors below the limit is not worth an exact look."""
FEW = PERMUTATIONS // 4
"""Values of a signature that are compared first."""
CHUNK = 1 << 12
"""Pairs whose signatures are compared at once."""

Look = Callable[[Pairs, npt.NDArray[np.bool_]], Pairs]
"""Looks at proposed pairs, and answers with those that hang together: what does is not proposed again.

It is told which are so much alike by their signatures that nothing but an exact look would rule them out.
"""


class Search(NamedTuple):
    """What pairs are looked for: those whose shingles of this size have at least this Jaccard similarity."""

    size: int | Sizes
    floor: float


class Buckets(NamedTuple):
    """The places that share a bucket with others, bucket by bucket, each in order; and where in them one goes on."""

    places: Places
    later: Places


Ahead = Callable[[Buckets], Places]
"""For each place where a bucket goes on, where the one stands that it is linked to."""
Proposed = tuple[Pairs, npt.NDArray[np.bool_]]
"""Pairs, and which of them are so much alike that only an exact look would rule them out."""


class Links(NamedTuple):
    """Pairs of positions, the smaller first, in their order, with their exact Jaccard similarity."""

    pairs: Pairs
    """Shape (links, 2)."""
    jaccard: npt.NDArray[np.float64]


def links(texts: pl.Series, sketch: Sketch, search: Search, cores: Cores = HERE) -> Links:
    """Links between texts that the search looks for; texts that hang together by then are not compared again."""
    marks = Marks(texts, search.size, cores)
    found = [Links(np.empty((0, 2), np.int64), np.empty(0))]

    def look(pairs: Pairs, sure: npt.NDArray[np.bool_]) -> Pairs:
        may = sure.copy()
        may[~sure] = marks.able(pairs[~sure], search.floor)
        able = pairs[may]
        likeness = jaccards(texts, able, search.size, cores)
        near = likeness >= search.floor
        found.append(Links(able[near], likeness[near]))
        return able[near]

    propose(sketch, np.flatnonzero(texts.str.len_bytes().to_numpy()), search.floor, look, cores)
    pairs = np.concatenate([some.pairs for some in found])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Links(pairs[order], np.concatenate([some.jaccard for some in found])[order])


def propose(sketch: Sketch, filled: Places, floor: float, look: Look, cores: Cores = HERE) -> None:
    """Gives `look` the pairs among the `filled` places that may reach `floor`, each once, round by round."""
    if not len(filled):
        return
    tree, looked = np.arange(len(sketch)), np.empty(0, np.int64)
    parts, rows = (np.ascontiguousarray(sketch[:, :FEW]), sketch), rows_of_band(floor)
    for bands in _rounds(PERMUTATIONS // rows):
        buckets = list(cores.at_once(partial(_buckets, sketch, filled, rows), bands))
        for ahead in (_firsts, _befores):
            likely = cores.at_once(partial(_likely, parts, floor, tree, ahead), buckets)
            pairs, sure = (np.concatenate(some) for some in zip(*likely, strict=True))
            codes, which = np.unique(_coded(pairs, tree), return_index=True)
            new = ~_among(codes, looked)
            looked = np.sort(np.concatenate([looked, codes[new]]))
            pairs, sure = pairs[which[new]], sure[which[new]]
            first = _first_between(pairs, tree)
            grow(tree, look(pairs[first], sure[first]))
            left = ~first & (tree[pairs[:, 0]] != tree[pairs[:, 1]])
            grow(tree, look(pairs[left], sure[left]))


def together(texts: pl.Series, search: Search, cores: Cores = HERE) -> Places:
    """For each text the first place that it hangs together with; an empty text stands alone."""
    given = pl.DataFrame({"text": texts}).with_row_index("place")
    firsts = given.filter(pl.col("text") != "").unique("text", keep="first", maintain_order=True)
    tree = np.arange(firsts.height)
    grow(tree, links(firsts["text"], sketches(firsts["text"], search.size, cores), search, cores).pairs)
    led = firsts.with_columns(firsts["place"].gather(tree).alias("first")).select("text", "first")
    found = given.join(led, on="text", how="left", maintain_order="left")
    return found.select(pl.coalesce("first", "place")).to_series().to_numpy().astype(np.int64)


def _rounds(bands: int) -> Iterator[range]:
    yield range(1)
    yield from (range(first, min(first + ROUND, bands)) for first in range(1, bands, ROUND))


def _buckets(sketch: Sketch, filled: Places, rows: int, band: int) -> Buckets:
    ranked = (band_keys(sketch, band, rows)[filled] << np.uint64(32)) | filled.astype(np.uint64)
    ranked.sort()
    keys = (ranked >> np.uint64(32)).astype(np.uint32)
    again = np.append(False, keys[1:] == keys[:-1])
    shared = again.copy()
    shared[:-1] |= again[1:]
    return Buckets((ranked[shared] & np.uint64(0xFFFFFFFF)).astype(np.int64), np.flatnonzero(again[shared]))


def _firsts(buckets: Buckets) -> Places:
    """Where the bucket of each later one begins."""
    begins = np.flatnonzero(np.diff(buckets.later, prepend=-1) != 1)
    return np.repeat(buckets.later[begins] - 1, np.diff(np.append(begins, len(buckets.later))))


def _befores(buckets: Buckets) -> Places:
    """Where the one before each later one stands."""
    return buckets.later - 1


def _likely(parts: tuple[Sketch, ...], floor: float, tree: Places, ahead: Ahead, buckets: Buckets) -> Proposed:
    """The pairs of a band that do not hang together by then, and whose signatures do not rule them out."""
    firsts, roots = ahead(buckets), tree[buckets.places]
    apart = roots[firsts] != roots[buckets.later]
    return _promising(parts, floor, (buckets.places[firsts[apart]], buckets.places[buckets.later[apart]]))


def _promising(parts: tuple[Sketch, ...], floor: float, ends: tuple[Places, Places]) -> Proposed:
    """The pairs that may reach `floor`, by a few values of their signatures first, then by all of them.

    And for each whether it all but reaches it.
    """
    agreeing = np.empty(0, np.int64)
    for part in parts:
        agreeing = np.empty(len(ends[0]), np.int64)
        for start in range(0, len(agreeing), CHUNK):
            one, other = (part.take(places[start : start + CHUNK], axis=0) for places in ends)
            agreeing[start : start + CHUNK] = ones(np.packbits(one == other, axis=1))
        slack = SIGMAS * (floor * (1 - floor) * part.shape[1]) ** 0.5
        least = floor * part.shape[1]
        near = agreeing >= least - slack
        ends, agreeing = (ends[0][near], ends[1][near]), agreeing[near]
    return np.stack(ends, axis=1), agreeing >= least + slack


def _coded(pairs: Pairs, tree: Places) -> Places:
    return pairs[:, 0] * len(tree) + pairs[:, 1]


def _first_between(pairs: Pairs, tree: Places) -> npt.NDArray[np.bool_]:
    """Which pair is the first between its two trees: where it joins them, the others need no look."""
    first = np.zeros(len(pairs), bool)
    first[np.unique(_coded(np.sort(tree[pairs], axis=1), tree), return_index=True)[1]] = True
    return first


def _among(codes: Places, ranked: Places) -> npt.NDArray[np.bool_]:
    """Which of the codes stand in the sorted ones."""
    at = np.searchsorted(ranked, codes)
    among = at < len(ranked)
    among[among] = ranked[at[among]] == codes[among]
    return among
