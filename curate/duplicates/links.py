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

from curate.cores import HERE, Cores
from curate.duplicates.exact import Pairs, Places, jaccards
from curate.duplicates.marks import Marks, ones
from curate.duplicates.shingles import Codes, Sizes
from curate.duplicates.signatures import PERMUTATIONS, Sketch, band_keys, rows_of_band, sketches

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
    tree, looked = np.arange(len(sketch)), np.empty(0, np.int64)
    parts, rows = (np.ascontiguousarray(sketch[:, :FEW]), sketch), rows_of_band(floor)
    for bands in _rounds(PERMUTATIONS // rows):
        ranked = list(cores.at_once(partial(_ranked, sketch, filled, rows), bands))
        for link in (_to_first, _to_next):
            pairs = _proposed(ranked, link, tree, cores)
            new = pairs[~_among(_coded(pairs, len(sketch)), looked)]
            new, sure = _promising(parts, new, floor)
            looked = np.sort(np.concatenate([looked, _coded(new, len(sketch))]))
            grow(tree, look(new, sure))


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


def grow(tree: Places, pairs: Pairs) -> None:
    """Joins the trees of each pair, in place; every place then holds the smallest place of its tree."""
    one, other = pairs[:, 0], pairs[:, 1]
    while True:
        roots, others = tree[one], tree[other]
        apart = roots != others
        if not apart.any():
            return
        one, other = one[apart], other[apart]
        high, low = np.maximum(roots, others)[apart], np.minimum(roots, others)[apart]
        np.minimum.at(tree, high, low)
        while not np.array_equal(above := tree[tree], tree):
            tree[:] = above


def _ranked(sketch: Sketch, filled: Places, rows: int, band: int) -> Codes:
    """Bucket and place of each filled place in one number, in their order."""
    keys = band_keys(sketch, band, rows)[filled]
    return np.sort((keys << np.uint64(32)) | filled.astype(np.uint64))


def _proposed(ranked: list[Codes], link: Callable[[Codes], Pairs], tree: Places, cores: Cores) -> Pairs:
    """The pairs of all bands of a round that do not hang together by then, each once."""
    codes = cores.at_once(lambda band: _coded(_apart(link(band), tree), len(tree)), ranked)
    every = np.unique(np.concatenate(list(codes)))
    return np.stack([every // max(len(tree), 1), every % max(len(tree), 1)], axis=1)


def _apart(pairs: Pairs, tree: Places) -> Pairs:
    return pairs[tree[pairs[:, 0]] != tree[pairs[:, 1]]]


def _to_first(ranked: Codes) -> Pairs:
    """The first of each bucket with each other one; `ranked` is key and place in one number."""
    later = _later(ranked)
    begins = np.flatnonzero(np.diff(later, prepend=-1) != 1)
    heads = np.repeat(later[begins] - 1, np.diff(np.append(begins, len(later))))
    return np.stack([_places(ranked[heads]), _places(ranked[later])], axis=1)


def _to_next(ranked: Codes) -> Pairs:
    """Each in a bucket with the next."""
    later = _later(ranked)
    return np.stack([_places(ranked[later - 1]), _places(ranked[later])], axis=1)


def _later(ranked: Codes) -> Places:
    """Where a bucket goes on."""
    keys = ranked >> np.uint64(32)
    return np.flatnonzero(keys[1:] == keys[:-1]) + 1


def _places(ranked: Codes) -> Places:
    return (ranked & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _coded(pairs: Pairs, count: int) -> Places:
    return pairs[:, 0] * count + pairs[:, 1]


def _among(codes: Places, ranked: Places) -> npt.NDArray[np.bool_]:
    """Which of the codes stand in the sorted ones."""
    at = np.searchsorted(ranked, codes)
    return np.append(ranked, -1)[at] == codes


def _promising(parts: tuple[Sketch, ...], pairs: Pairs, floor: float) -> tuple[Pairs, npt.NDArray[np.bool_]]:
    """The pairs whose signatures do not rule out that they reach `floor`: a few values first, then all of them.

    And for each whether it all but reaches it.
    """
    agreeing = np.empty(0, np.int64)
    for part in parts:
        width = part.shape[1]
        agreeing = np.empty(len(pairs), np.int64)
        for start in range(0, len(pairs), CHUNK):
            one, other = (part.take(places, axis=0) for places in pairs[start : start + CHUNK].T)
            agreeing[start : start + CHUNK] = ones(np.packbits(one == other, axis=1))
        slack = SIGMAS * (floor * (1 - floor) * width) ** 0.5
        near = agreeing >= floor * width - slack
        pairs, agreeing = pairs[near], agreeing[near]
    return pairs, agreeing >= floor * width + slack
