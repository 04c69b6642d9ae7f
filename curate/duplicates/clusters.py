"""Clusters of texts that say the same, who of them survives, and what only looks alike."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.similarity.bitmaps import ROUNDING, Marks
from curate.duplicates.similarity.candidates import propose
from curate.duplicates.similarity.jaccard import Pairs, Places, jaccards
from curate.duplicates.similarity.minhash import Sketch
from curate.duplicates.similarity.shingles import Sizes
from curate.duplicates.similarity.union_find import grow
from curate.system.parallel import HERE, Cores

SIZES = Sizes()
FOUND = pl.Schema(
    {
        "place": pl.Int64,
        "cluster": pl.Int64,
        "twin": pl.Int64,
        "jaccard": pl.Float64,
        "edit": pl.Float64,
        "size": pl.Float64,
        "verdict": pl.String,
    }
)
"""`cluster` is the first place that hangs together with this one; `twin` the place it was measured against, `size`
that of the shorter side that differs.

Verdicts: `survivor`, `near_duplicate` (of its twin), `conflict` (near its twin, but for a fact), `alike` (less near).
Each has one line; a survivor has a twin where it is alike an earlier one.
"""
HAN_BYTES = 3
"""What a Han character takes in UTF-8, and three letters too."""
Numbers = npt.NDArray[np.float64]
Sketched = Callable[[pl.Series], Sketch]


class Limits(NamedTuple):
    """From where on two texts are near: by Jaccard similarity, or by the share of letters that need no edit.

    `floor` is the Jaccard similarity that texts are looked for at. A side shorter than `brief` has no room for an edit:
    it is equal, or it says something else.
    """

    jaccard: float
    edit: float
    floor: float
    brief: int = 0
    """Han characters; of letters three count as one."""


class Likeness(NamedTuple):
    """Of each pair, the lower value of both sides."""

    jaccard: Numbers
    edit: Numbers
    size: Numbers
    """Han characters (or three letters) of the shorter side that differs; infinite where none does."""

    def near(self, limits: Limits) -> npt.NDArray[np.bool_]:
        return ((self.jaccard >= limits.jaccard) | (self.edit >= limits.edit)) & (self.size >= limits.brief)


class Signed(NamedTuple):
    """The places of distinct texts, their sketches, and the others: pairs of the first place of a text and another."""

    places: Places
    sketch: Sketch
    again: Pairs


class Sides:
    """The sides of records that are compared: how alike two records are on the less alike one."""

    def __init__(self, compared: pl.DataFrame, cores: Cores = HERE) -> None:
        given = (compared[side] for side in ("question", "answer"))
        self.texts = [side.fill_null("") for side in given if side.null_count() < compared.height]
        self.marks = [Marks(texts, SIZES, cores) for texts in self.texts]
        self.lengths = [texts.str.len_chars().cast(pl.Int64).to_numpy() for texts in self.texts]
        self.cores = cores

    def able(self, pairs: Pairs, limits: Limits) -> npt.NDArray[np.bool_]:
        """Which pairs may reach the floor, or the edit limit, on every side. Much cheaper than their likeness."""
        able = np.ones(len(pairs), bool)
        for texts, marks, lengths in zip(self.texts, self.marks, self.lengths, strict=True):
            left = np.flatnonzero(able)
            far = left[~marks.able(pairs[left], limits.floor)]
            able[far] = False
            one, other = (lengths[pairs[far, n]] for n in (0, 1))
            close = far[np.abs(one - other) <= (1 - limits.edit) * np.maximum(one, other) + ROUNDING]
            first, second = (texts.gather(pairs[close, n]) for n in (0, 1))
            able[close] = self._unedited(first, second, limits.edit) >= limits.edit
        return able

    def likeness(self, pairs: Pairs) -> Likeness:
        """Equal sides are 1, whatever they hold."""
        lowest = Likeness(np.ones(len(pairs)), np.ones(len(pairs)), np.full(len(pairs), np.inf))
        for texts in self.texts:
            one, other = (texts.gather(pairs[:, n]) for n in (0, 1))
            differ = np.flatnonzero((one != other).to_numpy())
            full = differ[((one != "") & (other != "")).to_numpy()[differ]]
            shared, kept = np.zeros(len(differ)), np.zeros(len(differ))
            at = np.searchsorted(differ, full)
            shared[at] = jaccards(texts, pairs[full], SIZES, self.cores)
            kept[at] = self._unedited(one.gather(full), other.gather(full))
            lowest.jaccard[differ] = np.minimum(lowest.jaccard[differ], shared)
            lowest.edit[differ] = np.minimum(lowest.edit[differ], kept)
            size = np.minimum(*(texts.str.len_bytes().to_numpy() for texts in (one, other))) / HAN_BYTES
            lowest.size[differ] = np.minimum(lowest.size[differ], size[differ])
        return lowest

    def _unedited(self, one: pl.Series, other: pl.Series, least: float = 0) -> Numbers:
        """1 less the edits (a letter more, less or other, two swapped) over the letters of the longer text.

        What does not reach `least` is 0.
        """
        if not len(one):
            return np.empty(0)
        return cpdist(
            one.to_list(),
            other.to_list(),
            scorer=OSA.normalized_similarity,
            score_cutoff=max(least - ROUNDING, 0),
            dtype=np.float64,
            workers=self.cores.count,
        )


def clusters(
    compared: pl.DataFrame, sketched: Sketched, limits: Limits, facts: FactCodes, cores: Cores = HERE
) -> pl.DataFrame:
    """All that is near another one, with the columns of FOUND, by place. `compared` stands in the order of survival."""
    sides = Sides(compared, cores)
    pairs, measured = _linked(_signed(compared, sketched), limits, sides)
    near = measured.near(limits)
    tree = np.arange(compared.height)
    grow(tree, pairs[near])
    together = np.unique(pairs[near])
    decided = _led(sides, limits, np.vstack([together, tree[together], facts.of(together).T]))
    return _with_alike(decided, _lines(pairs[~near], tree[pairs[~near][:, 0]], measured, ~near, "alike"))


def _signed(compared: pl.DataFrame, sketched: Sketched) -> Signed:
    """The sides of each record in one text. It is not kept: a sketch stands for it from here on."""
    text = pl.concat_str("question", "answer", separator=" ", ignore_nulls=True)
    texts = compared.select(text=text).with_row_index("place").filter(pl.col("text") != "")
    texts = texts.with_columns(first=pl.col("place").min().over("text")).cast({"place": pl.Int64, "first": pl.Int64})
    single, again = texts.filter(place=pl.col("first")), texts.filter(pl.col("place") != pl.col("first"))
    return Signed(single["place"].to_numpy(), sketched(single["text"]), again.select("first", "place").to_numpy())


def _linked(signed: Signed, limits: Limits, sides: Sides) -> tuple[Pairs, Likeness]:
    """Pairs that look alike, with how alike they are: equal texts with the first of them, others among the firsts."""
    places, pairs = signed.places, [signed.again]
    measured = [sides.likeness(signed.again)]

    def look(found: Pairs, _: npt.NDArray[np.bool_]) -> Pairs:
        able = found[sides.able(places[found], limits)]
        likeness = sides.likeness(places[able])
        alike = (likeness.jaccard >= limits.floor) | (likeness.edit >= limits.edit)
        pairs.append(places[able[alike]])
        measured.append(Likeness(*(column[alike] for column in likeness)))
        return able[likeness.near(limits)]

    propose(signed.sketch, np.arange(len(places)), limits.floor, look, sides.cores)
    return np.concatenate(pairs), Likeness(*(np.concatenate(columns) for columns in zip(*measured, strict=True)))


def _led(sides: Sides, limits: Limits, members: Places) -> pl.DataFrame:
    """Who leads whom: the first of each cluster and fact leads what is near it, then the first of what is left."""
    done = [pl.DataFrame(schema=FOUND)]
    left = members
    while left.shape[1]:
        _, first, group = np.unique(left[1:], axis=1, return_index=True, return_inverse=True)
        leaders = left[0][first]
        mine = leaders[group.reshape(-1)]
        follows = left[0] != mine
        pairs = np.stack([mine, left[0]], axis=1)[follows]
        measured = sides.likeness(pairs)
        near = measured.near(limits)
        done.append(_lines(pairs[near], left[1][follows][near], measured, near, "near_duplicate"))
        done.append(_leaders(sides, limits, np.stack([leaders, left[1][first]])))
        left = left[:, follows][:, ~near]
    return pl.concat(done)


def _leaders(sides: Sides, limits: Limits, led: Places) -> pl.DataFrame:
    """Leaders beside the first of their cluster: in conflict with it where they are near, or only alike."""
    places, roots = led
    other = places != roots
    pairs = np.stack([roots[other], places[other]], axis=1)
    measured = sides.likeness(pairs)
    near = measured.near(limits)
    alone = pl.DataFrame({"place": places[~other], "cluster": roots[~other], "verdict": "survivor"})
    return pl.concat(
        [
            _lines(pairs[near], roots[other][near], measured, near, "conflict"),
            _lines(pairs[~near], roots[other][~near], measured, ~near, "alike"),
            pl.concat([pl.DataFrame(schema=FOUND), alone], how="diagonal"),
        ]
    )


def _with_alike(decided: pl.DataFrame, alike: pl.DataFrame) -> pl.DataFrame:
    """What was decided, and the nearest earlier text of each that is only alike; a survivor names its own too."""
    order = (
        alike.select("place", "jaccard", "twin").with_row_index("at").sort("jaccard", "twin", descending=[True, False])
    )
    nearest = alike[order.unique("place", keep="first", maintain_order=True)["at"]]
    first = decided.filter(pl.col("twin").is_null())
    others = decided.filter(pl.col("twin").is_not_null())
    told = first.select("place", "cluster", "verdict").join(nearest.drop("cluster", "verdict"), on="place", how="left")
    more = nearest.join(decided, on="place", how="anti")
    return pl.concat([others, told.select(FOUND.names()), more]).sort("place")


def _lines(pairs: Pairs, roots: Places, measured: Likeness, which: npt.NDArray[np.bool_], verdict: str) -> pl.DataFrame:
    lines = {"place": pairs[:, 1], "cluster": roots, "twin": pairs[:, 0]}
    values = {name: column[which] for name, column in measured._asdict().items()}
    return pl.DataFrame({**lines, **values, "verdict": [verdict] * len(pairs)}, schema=FOUND)
