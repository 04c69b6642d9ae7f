"""Clusters of texts that say the same, which of them survives, and what is only alike."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl

from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.side_comparison import Limits, SideComparison, Similarity
from curate.duplicates.similarity.arrays import Indices, Mask, Pairs, Sketch
from curate.duplicates.similarity.candidates import propose
from curate.duplicates.similarity.union_find import union
from curate.system.parallel import SERIAL, Cores

MATCHES = pl.Schema(
    {
        "index": pl.Int64,
        "cluster": pl.Int64,
        "twin": pl.Int64,
        "jaccard": pl.Float64,
        "edit": pl.Float64,
        "size": pl.Float64,
        "verdict": pl.String,
    }
)
"""`cluster` is the first index that this one is joined with; `twin` the index it was measured against, `size` that of
the shorter side that differs.

Verdicts: `survivor`, `near_duplicate` (of its twin), `conflict` (near its twin, but they differ in a fact), `alike`
(less near). Each index has one line; a survivor has a twin where it is alike an earlier one.
"""
SketchTexts = Callable[[pl.Series], Sketch]


class SignedTexts(NamedTuple):
    """The indices of distinct texts and their sketches; a repeat is paired with the first index of its text."""

    indices: Indices
    sketch: Sketch
    repeats: Pairs


def find_clusters(
    compared: pl.DataFrame, sketch: SketchTexts, limits: Limits, facts: FactCodes, cores: Cores = SERIAL
) -> pl.DataFrame:
    """Find all that is near or alike another, as MATCHES, by index. `compared` stands in the order of survival."""
    sides = SideComparison(compared, cores)
    pairs, measured = _find_pairs(_sign(compared, sketch), limits, sides)

    # what is near, directly or through others, is one cluster; its first index is its root
    near = measured.near(limits)
    tree = np.arange(compared.height)
    union(tree, pairs[near])

    # inside a cluster only what has the same facts can be a repeat
    joined = np.unique(pairs[near])
    decided = _assign_leaders(sides, limits, np.vstack([joined, tree[joined], facts.of(joined).T]))
    return _with_alike(decided, _match_lines(pairs[~near], tree[pairs[~near][:, 0]], measured, ~near, "alike"))


def _sign(compared: pl.DataFrame, sketch: SketchTexts) -> SignedTexts:
    """Sketch both sides of each record as one text. The text is not kept: its sketch stands for it from here on."""
    text = pl.concat_str("question", "answer", separator=" ", ignore_nulls=True)
    texts = compared.select(text=text).with_row_index("index").filter(pl.col("text") != "")
    texts = texts.with_columns(first=pl.col("index").min().over("text")).cast({"index": pl.Int64, "first": pl.Int64})

    distinct, repeats = texts.filter(index=pl.col("first")), texts.filter(pl.col("index") != pl.col("first"))
    return SignedTexts(
        distinct["index"].to_numpy(), sketch(distinct["text"]), repeats.select("first", "index").to_numpy()
    )


def _find_pairs(signed: SignedTexts, limits: Limits, sides: SideComparison) -> tuple[Pairs, Similarity]:
    """Find pairs that are at least alike, and measure them.

    A repeat is paired with the first of its text; the others are pairs of such firsts.
    """
    indices, pairs = signed.indices, [signed.repeats]
    measured = [sides.similarity(signed.repeats)]

    def confirm(proposed: Pairs, _: Mask) -> Pairs:
        possible = proposed[sides.may_be_near(indices[proposed], limits)]
        similarity = sides.similarity(indices[possible])
        alike = (similarity.jaccard >= limits.floor) | (similarity.edit >= limits.edit)
        pairs.append(indices[possible[alike]])
        measured.append(Similarity(*(column[alike] for column in similarity)))
        return possible[similarity.near(limits)]

    propose(signed.sketch, np.arange(len(indices)), limits.floor, confirm, sides.cores)
    return np.concatenate(pairs), Similarity(*(np.concatenate(columns) for columns in zip(*measured, strict=True)))


def _assign_leaders(sides: SideComparison, limits: Limits, members: Indices) -> pl.DataFrame:
    """Decide who repeats whom: the first of each cluster with the same facts leads what is near it.

    What is not near its leader is led by the first of what is left, and so on. A column of `members` is an index, its
    root, and its facts. Each round takes at least the leaders away: it ends.
    """
    rounds = [pl.DataFrame(schema=MATCHES)]
    unled = members
    while unled.shape[1]:
        # columns of the same root and facts are one group; unique gives the first column of each, and members are
        # sorted by index: that is the one that survives the others
        _, first, group = np.unique(unled[1:], axis=1, return_index=True, return_inverse=True)
        leaders = unled[0][first]
        leader_of_each = leaders[group.reshape(-1)]

        follows = unled[0] != leader_of_each
        pairs = np.stack([leader_of_each, unled[0]], axis=1)[follows]
        measured = sides.similarity(pairs)
        near = measured.near(limits)

        rounds.append(_match_lines(pairs[near], unled[1][follows][near], measured, near, "near_duplicate"))
        rounds.append(_leader_lines(sides, limits, np.stack([leaders, unled[1][first]])))
        unled = unled[:, follows][:, ~near]
    return pl.concat(rounds)


def _leader_lines(sides: SideComparison, limits: Limits, leaders: Indices) -> pl.DataFrame:
    """Compare each leader with the root of its cluster: they conflict where they are near, or are only alike.

    `leaders` holds indices and roots; one that is its own root is a survivor.
    """
    indices, roots = leaders
    below_root = indices != roots
    pairs = np.stack([roots[below_root], indices[below_root]], axis=1)
    measured = sides.similarity(pairs)
    near = measured.near(limits)
    survivors = pl.DataFrame({"index": indices[~below_root], "cluster": roots[~below_root], "verdict": "survivor"})
    return pl.concat(
        [
            _match_lines(pairs[near], roots[below_root][near], measured, near, "conflict"),
            _match_lines(pairs[~near], roots[below_root][~near], measured, ~near, "alike"),
            pl.concat([pl.DataFrame(schema=MATCHES), survivors], how="diagonal"),
        ]
    )


def _with_alike(decided: pl.DataFrame, alike: pl.DataFrame) -> pl.DataFrame:
    """Add the nearest earlier text of each that is only alike to what was decided; a survivor names its own too."""
    order = alike.select("index", "jaccard", "twin").with_row_index("row")
    order = order.sort("jaccard", "twin", descending=[True, False])
    nearest = alike[order.unique("index", keep="first", maintain_order=True)["row"]]

    survivors = decided.filter(pl.col("twin").is_null()).select("index", "cluster", "verdict")
    survivors = survivors.join(nearest.drop("cluster", "verdict"), on="index", how="left").select(MATCHES.names())
    others = decided.filter(pl.col("twin").is_not_null())
    undecided = nearest.join(decided, on="index", how="anti")
    return pl.concat([others, survivors, undecided]).sort("index")


def _match_lines(pairs: Pairs, roots: Indices, measured: Similarity, selected: Mask, verdict: str) -> pl.DataFrame:
    """Write the lines of pairs, which are the `selected` ones of what was measured."""
    lines = {"index": pairs[:, 1], "cluster": roots, "twin": pairs[:, 0]}
    values = {name: column[selected] for name, column in measured._asdict().items()}
    return pl.DataFrame({**lines, **values, "verdict": [verdict] * len(pairs)}, schema=MATCHES)
