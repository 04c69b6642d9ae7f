"""How good a dataset is, as far as people have looked at a random part of it, and how much they must look at."""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist, median

from curate.decisions.agreed_reviews import agree
from schemas.record import Frozen
from schemas.review import ReviewDecision
from schemas.review_estimate import BadShare
from schemas.statistics.agreement import Alpha, krippendorff_alpha
from schemas.statistics.intervals import wilson

SAMPLE = "sample"
"""Why a record was shown that was drawn from all."""
ENOUGH_TIMES = 5
"""Decisions whose time is known from which on the time of others is foretold."""
CHINESE_PER_MINUTE = 255
"""Characters that people read in a minute (S. Trauzettel-Klosinski, K. Dietz, 2012)."""
ENGLISH_PER_MINUTE = 238 * 5.7
"""Characters: 238 words (M. Brysbaert, 2019) of 4.7 letters and a space."""
SECONDS_TO_DECIDE = 10
"""What we reckon for a decision beside the reading; nobody has measured it."""


class ReviewPlan(Frozen):
    """How many records must be looked at, and how long that takes. `seconds` is for one record and one reviewer;
    `timed` says how many decisions it was taken from, 0 where it is reckoned from the length of the texts.
    """

    population: int
    error: float
    confidence: float
    expected: float
    records: int
    seconds: float
    timed: int
    overlap: int

    @property
    def hours(self) -> float:
        return self.records * self.overlap * self.seconds / 3600


def bad_share(reviews: Iterable[ReviewDecision], population: int) -> BadShare | None:
    """Estimate the share of bad records from the random part alone; None where nobody has judged any of it.

    `population` is how many records it was drawn from, 0 where that is not known.
    """
    by_id: dict[str, list[ReviewDecision]] = {}
    for review in reviews:
        if SAMPLE in review.why:
            by_id.setdefault(review.id, []).append(review)
    verdicts = [agree(of_record).verdict for of_record in by_id.values()]
    judged = sum(verdict is not None for verdict in verdicts)
    if not judged:
        return None
    rejected, edited = verdicts.count("reject"), verdicts.count("edit")
    low, high = _of_finite(rejected + edited, judged, population)
    return BadShare(
        judged=judged,
        rejected=rejected,
        edited=edited,
        undecided=len(verdicts) - judged,
        population=population,
        share=(rejected + edited) / judged,
        low=low,
        high=high,
    )


def agreement(reviews: Iterable[ReviewDecision]) -> Alpha | None:
    """Compute how far people agree who judged the same text: by verdict, of each person the newest."""
    verdicts: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for review in reviews:
        if review.verdict != "unsure":
            verdicts.setdefault((review.id, review.shown), {})[review.by] = review.verdict
    return krippendorff_alpha([list(by_person.values()) for by_person in verdicts.values()])


def records_needed(population: int, error: float, confidence: float, expected: float = 0.5) -> int:
    """Count the records of a random sample whose share of bad ones lies within `error` of the true share.

    The normal approximation with the correction for a finite population (W. G. Cochran, Sampling Techniques, 1977,
    4.1): exact enough for shares that are not near 0. `expected` is the share that is expected; one half needs most.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    infinite = z * z * expected * (1 - expected) / (error * error)
    return min(population, math.ceil(infinite / (1 + (infinite - 1) / population))) if population else 0


def seconds_of(reviews: Sequence[ReviewDecision], texts: Sequence[str]) -> tuple[float, int]:
    """Foretell how long one decision takes, and from how many decisions that is known: 0 where it is reckoned from the
    characters of these texts.
    """
    times = [review.seconds for review in reviews if review.seconds]
    if len(times) >= ENOUGH_TIMES:
        return median(times), len(times)
    if not texts:
        return SECONDS_TO_DECIDE, 0
    minutes = [
        _chinese(text) / CHINESE_PER_MINUTE + (len(text) - _chinese(text)) / ENGLISH_PER_MINUTE for text in texts
    ]
    return SECONDS_TO_DECIDE + 60 * sum(minutes) / len(minutes), 0


def _chinese(text: str) -> int:
    return sum("\u3400" <= character <= "\u9fff" for character in text)


def _of_finite(hits: int, n: int, population: int) -> tuple[float, float]:
    """Compute Wilson's interval as if so many more were seen as a sample without replacement tells more."""
    if n == population:
        return hits / n, hits / n
    if n > population:
        return wilson(hits, n)
    factor = (population - 1) / (population - n)
    low, high = wilson(hits * factor, n * factor)
    return low, high
