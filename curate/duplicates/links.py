"""Which texts are alike: signatures propose, exact Jaccard similarity decides.

Texts that are equal are one from the start. What a bucket holds is linked as a star, to its first and to its neighbour,
and what is the same already is not compared again: a bucket of any size costs what its texts cost.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.marks import Marks, ones
from curate.duplicates.shingles import Codes, Sizes, shingled
from curate.duplicates.signatures import PERMUTATIONS, Sketch, band_keys, blocks, rows_of_band, sketches

ROUND = 4
"""Bands that propose at once, before what was found hangs together; the first goes alone: it empties large buckets."""
SIGMAS = 2.5
"""An estimate this many standard errors below the limit is not worth an exact look."""
FEW = PERMUTATIONS // 4
"""Values of a signature that are compared first."""
CHUNK = 1 << 12
"""Pairs that are looked at at once."""

Places = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]
Same = Callable[[Pairs], npt.NDArray[np.bool_] | slice]
EVERY = slice(None)


class Search(NamedTuple):
    """What pairs are looked for: those whose shingles of this size have at least this Jaccard similarity."""

    size: int | Sizes
    floor: float


class Links(NamedTuple):
    """Pairs of positions, the smaller first, in their order, with their exact Jaccard similarity."""

    pairs: Pairs
    """Shape (links, 2)."""
    jaccard: npt.NDArray[np.float64]


def links(texts: pl.Series, sketch: Sketch, search: Search, threads: int = 1, same: Same = lambda _: EVERY) -> Links:
    """Links between texts that the search looks for.

    What hangs together by links that are the `same` (all of them, unless told otherwise) is not compared again.
    """
    tree = np.arange(len(texts))
    filled = np.flatnonzero(texts.str.len_bytes().to_numpy())
    size, floor = search
    marks, parts = Marks(texts, size, threads), (np.ascontiguousarray(sketch[:, :FEW]), sketch)
    rows = rows_of_band(floor)
    looked = np.empty(0, np.int64)
    found = [Links(np.empty((0, 2), np.int64), np.empty(0))]
    for bands in _rounds(PERMUTATIONS // rows):
        for pairs in _proposed((band_keys(sketch, band, rows)[filled] for band in bands), filled, tree):
            new = pairs[~_among(_coded(pairs, len(texts)), looked)]
            new = _promising(parts, new, floor)
            looked = np.sort(np.concatenate([looked, _coded(new, len(texts))]))
            new = new[marks.able(new, floor)]
            likeness = jaccards(texts, new, size, threads)
            near = likeness >= floor
            found.append(Links(new[near], likeness[near]))
            grow(tree, new[near][same(new[near])])
    pairs = np.concatenate([some.pairs for some in found])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Links(pairs[order], np.concatenate([some.jaccard for some in found])[order])


def together(texts: pl.Series, search: Search, threads: int = 1) -> Places:
    """For each text the first place that it hangs together with; an empty text stands alone."""
    given = pl.DataFrame({"text": texts}).with_row_index("place")
    firsts = given.filter(pl.col("text") != "").unique("text", keep="first", maintain_order=True)
    tree = np.arange(firsts.height)
    grow(tree, links(firsts["text"], sketches(firsts["text"], search.size, threads), search, threads).pairs)
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


def _proposed(keys: Iterable[Codes], filled: Places, tree: Places) -> Iterator[Pairs]:
    """Pairs of a round of bands, each once: first of a bucket, then neighbours that do not hang together by then."""
    ranked = [np.sort((key << np.uint64(32)) | filled.astype(np.uint64)) for key in keys]
    for link in (_to_first, _to_next):
        codes = np.unique(np.concatenate([_coded(_apart(link(band), tree), len(tree)) for band in ranked]))
        yield np.stack([codes // max(len(tree), 1), codes % max(len(tree), 1)], axis=1)


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


def _promising(parts: tuple[Sketch, ...], pairs: Pairs, floor: float) -> Pairs:
    """The pairs whose signatures do not rule out that they reach `floor`: a few values first, then all of them."""
    for part in parts:
        width = part.shape[1]
        slack = SIGMAS * (floor * (1 - floor) / width) ** 0.5
        alike = np.empty(len(pairs), bool)
        for start in range(0, len(pairs), CHUNK):
            one, other = (part.take(places, axis=0) for places in pairs[start : start + CHUNK].T)
            alike[start : start + CHUNK] = ones(np.packbits(one == other, axis=1)) >= (floor - slack) * width
        pairs = pairs[alike]
    return pairs


def jaccards(texts: pl.Series, pairs: Pairs, size: int | Sizes, threads: int = 1) -> npt.NDArray[np.float64]:
    """The exact Jaccard similarity of each pair of positions."""
    chunks = [pairs[start:end] for start, end in pairwise([*range(0, len(pairs), CHUNK), len(pairs)])]
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(lambda chunk: _jaccards(texts, chunk, size), chunks))
    return np.concatenate([np.empty(0), *done])


def _jaccards(texts: pl.Series, pairs: Pairs, size: int | Sizes) -> npt.NDArray[np.float64]:
    places, local = np.unique(pairs, return_inverse=True)
    sets = _sets(texts.gather(places), size)
    one, other = local.reshape(-1, 2).T
    both = pl.DataFrame({"one": sets.gather(one), "other": sets.gather(other)})
    counts = both.select(
        shared=pl.col("one").list.set_intersection("other").list.len(),
        all=pl.col("one").list.len() + pl.col("other").list.len(),
    )
    shared, together = (counts[name].cast(pl.Float64).to_numpy() for name in ("shared", "all"))
    return shared / np.maximum(together - shared, 1)


def _sets(texts: pl.Series, size: int | Sizes) -> pl.Series:
    """The set of shingles of each text as a list of numbers; all of them have at least one."""
    pieces = [shingled(texts.slice(start, end - start), size) for start, end in blocks(texts)]
    counts = np.concatenate([np.empty(0, np.int64), *(np.diff(piece.offsets) for piece in pieces)])
    codes = np.concatenate([np.empty(0, np.uint64), *(piece.codes for piece in pieces)])
    owners = pl.Series("owner", np.repeat(np.arange(len(texts)), counts)).set_sorted()
    grouped = pl.DataFrame([owners, pl.Series("code", codes)]).group_by("owner", maintain_order=True)
    return grouped.agg(pl.col("code").unique())["code"]
