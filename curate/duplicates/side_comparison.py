"""How similar two records are, on the less similar one of their sides."""

from typing import NamedTuple

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from curate.duplicates.similarity.arrays import Indices, Mask, Numbers, Pairs
from curate.duplicates.similarity.bitmaps import ROUNDING, ShingleBitmaps
from curate.duplicates.similarity.jaccard import jaccards
from curate.duplicates.similarity.shingles import SIZES
from curate.system.parallel import SERIAL, Cores

HAN_BYTES = 3
"""What a Han character takes in UTF-8, and three letters too."""


class Limits(NamedTuple):
    """From where on two texts are near: by Jaccard similarity, or by the share of letters that need no edit.

    `floor` is the Jaccard similarity that texts are looked for at. A side shorter than `min_fuzzy_length`
    has no room for an edit: it is equal, or it says something else.
    """

    jaccard: float
    edit: float
    floor: float
    min_fuzzy_length: int = 0
    """Han characters; three letters count as one."""


LIMITS = Limits(jaccard=0.8, edit=0.9, floor=0.6, min_fuzzy_length=16)
"""Where a recipe does not say; docs/duplicates.md shows what they were chosen on."""


class Similarity(NamedTuple):
    """Of each pair, the lower value of both sides."""

    jaccard: Numbers
    edit: Numbers
    size: Numbers
    """Han characters (or three letters) of the shorter side that differs; infinite where none does."""

    def near(self, limits: Limits) -> Mask:
        """Tell which pairs are near."""
        return ((self.jaccard >= limits.jaccard) | (self.edit >= limits.edit)) & (self.size >= limits.min_fuzzy_length)


class SideComparison:
    """Compares records by the sides that count, each with its counterpart; pairs are of their indices."""

    def __init__(self, compared: pl.DataFrame, cores: Cores = SERIAL) -> None:
        sides = (compared[side] for side in ("question", "answer"))
        self.texts = [side.fill_null("") for side in sides if side.null_count() < compared.height]
        self.bitmaps = [ShingleBitmaps(texts, SIZES, cores) for texts in self.texts]
        self.lengths = [texts.str.len_chars().cast(pl.Int64).to_numpy() for texts in self.texts]
        self.cores = cores

    def may_be_near(self, pairs: Pairs, limits: Limits) -> Mask:
        """Tell which pairs may reach the floor, or the edit limit, on every side. Much cheaper than `similarity`."""
        possible = np.ones(len(pairs), bool)
        for texts, bitmaps, lengths in zip(self.texts, self.bitmaps, self.lengths, strict=True):
            # what the bitmaps of this side rule out by Jaccard can only be near by edits
            rows = np.flatnonzero(possible)
            far = rows[~bitmaps.may_reach(pairs[rows], limits.floor)]
            possible[far] = False

            # each letter that one text has more than the other is an edit: lengths rule out most of them
            first_lengths, second_lengths = (lengths[pairs[far, n]] for n in (0, 1))
            most_edits = (1 - limits.edit) * np.maximum(first_lengths, second_lengths) + ROUNDING
            close = far[np.abs(first_lengths - second_lengths) <= most_edits]

            first, second = (texts.gather(pairs[close, n]) for n in (0, 1))
            possible[close] = self._unedited(first, second, limits.edit) >= limits.edit
        return possible

    def similarity(self, pairs: Pairs) -> Similarity:
        """Measure the pairs. Equal sides are 1, whatever they hold; where one of two is empty they are 0."""
        lowest = Similarity(np.ones(len(pairs)), np.ones(len(pairs)), np.full(len(pairs), np.inf))
        for texts in self.texts:
            first, second = (texts.gather(pairs[:, n]) for n in (0, 1))
            differ = np.flatnonzero((first != second).to_numpy())
            full = differ[((first != "") & (second != "")).to_numpy()[differ]]

            shared, unedited = np.zeros(len(differ)), np.zeros(len(differ))
            positions = np.searchsorted(differ, full)
            shared[positions] = jaccards(texts, pairs[full], SIZES, self.cores)
            unedited[positions] = self._unedited(first.gather(full), second.gather(full))

            _lower(lowest.jaccard, differ, shared)
            _lower(lowest.edit, differ, unedited)
            size = np.minimum(*(side.str.len_bytes().to_numpy() for side in (first, second))) / HAN_BYTES
            _lower(lowest.size, differ, size[differ])
        return lowest

    def _unedited(self, first: pl.Series, second: pl.Series, least: float = 0) -> Numbers:
        """Measure the share of letters that need no edit: 1 - edits / letters of the longer text.

        An edit is a letter more, less or other, or two swapped (optimal string alignment). What does not reach `least`
        is 0.
        """
        if not len(first):
            return np.empty(0)
        return cpdist(
            first.to_list(),
            second.to_list(),
            scorer=OSA.normalized_similarity,
            score_cutoff=max(least - ROUNDING, 0),
            dtype=np.float64,
            workers=self.cores.count,
        )


def _lower(lowest: Numbers, rows: Indices, values: Numbers) -> None:
    """Keep the lower value at each of the rows, in place."""
    lowest[rows] = np.minimum(lowest[rows], values)
