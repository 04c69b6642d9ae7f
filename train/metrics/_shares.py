"""Means of what each question scores between 0 and 1, by language."""

from collections.abc import Sequence

import numpy as np

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure
from train.metrics._resampling import measured


def means_by_language(
    name: str, questions: Sequence[ExamQuestion], shares: Sequence[float], definition: Bilingual
) -> list[Measure]:
    """Measure a mean in each language in which something is asked, apart."""
    measures = []
    for lang in ("zh", "en"):
        pairs = [(q, share) for q, share in zip(questions, shares, strict=True) if q.lang == lang]
        if pairs:
            asked, found = [q for q, _ in pairs], [share for _, share in pairs]
            measures.append(_mean(f"{name}_{lang}", asked, found, definition))
    return measures


def _mean(name: str, questions: Sequence[ExamQuestion], shares: Sequence[float], definition: Bilingual) -> Measure:
    values = np.asarray(shares)
    return measured(name, questions, shares, lambda times: times @ values / times.sum(1), definition)
