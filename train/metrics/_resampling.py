"""Measures that are no shares of questions, with the interval that samples of whole families give."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.bilingual import Bilingual
from schemas.exam import ExamQuestion, Measure
from schemas.statistics.families import DRAWS, SEED

OfSamples = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Computes the value of each sample, out of how often each question is in it; from (samples, questions) to (samples,).
"""


def measured(
    name: str, questions: Sequence[ExamQuestion], scores: Sequence[float], of_samples: OfSamples, definition: Bilingual
) -> Measure:
    """Make a measure of all questions, each once, with the 95 % percentiles of its values over samples of families.

    `scores` is what each question gets by itself, 0 to 1: by them models are compared.
    """
    groups = [question.group for question in questions]
    sizes = Counter(groups)
    number = {group: n for n, group in enumerate(sizes)}
    drawn = np.random.default_rng(SEED).multinomial(len(sizes), [1 / len(sizes)] * len(sizes), size=DRAWS)
    value = float(of_samples(np.ones((1, len(questions))))[0])
    low, high = np.quantile(of_samples(drawn[:, [number[group] for group in groups]].astype(float)), [0.025, 0.975])
    return Measure(
        name=name,
        value=value,
        low=min(value, float(low)),
        high=max(value, float(high)),
        n=len(questions),
        definition_en=definition.en,
        definition_zh=definition.zh,
        asked=tuple(question.id for question in questions),
        families=len(sizes),
        family_of={question.id: question.group for question in questions if sizes[question.group] > 1},
        scores={question.id: score for question, score in zip(questions, scores, strict=True)},
    )


def of_each_language(
    questions: Sequence[ExamQuestion],
    answers: Sequence[str],
    measure: Callable[[str, list[ExamQuestion], list[str]], Measure],
) -> list[Measure]:
    """Measure each language in which something is asked, apart; `measure` takes the language, questions and answers."""
    measures = []
    for lang in ("zh", "en"):
        pairs = [(q, a) for q, a in zip(questions, answers, strict=True) if q.lang == lang]
        if pairs:
            measures.append(measure(lang, [q for q, _ in pairs], [a for _, a in pairs]))
    return measures
