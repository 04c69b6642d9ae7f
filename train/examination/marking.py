"""Marks answers by every metric of the catalog, and makes the sheet of a contestant."""

from collections.abc import Sequence

import train.metrics
from schemas.catalog import Catalog
from schemas.exam import Answer, Contestant, ExamQuestion, Measure, Sheet
from schemas.identity import Identity
from train.examination.answering import Given
from train.metrics import Metric

METRICS: Catalog[Metric] = Catalog(train.metrics, Metric)
RIGHT = ("", "right")
"""What a metric says where it has nothing to note."""


def sheet_of(name: Contestant, given: Given, identity: Identity) -> Sheet:
    """Make the sheet of a contestant: its answers with verdicts and notes, and the numbers."""
    questions, texts = [ask.question for ask in given.asks], [reply.text for reply in given.replies]
    verdicts, notes, measures = marked(questions, texts, identity)
    answers = tuple(
        Answer(
            question=ask.question.id, probe=ask.question.probe, text=reply.text, take=ask.take, verdict=verdict,
            notes=tuple(noted), is_cut=reply.is_cut,
        )
        for ask, reply, verdict, noted in zip(given.asks, given.replies, verdicts, notes, strict=True)
    )  # fmt: skip
    seconds = round(sum(given.seconds), 3)
    return Sheet(model=name, measures=tuple(measures), answers=answers, tokens=given.tokens(), seconds=seconds)


def marked(
    questions: Sequence[ExamQuestion], texts: Sequence[str], identity: Identity
) -> tuple[list[str], list[list[str]], list[Measure]]:
    """Mark the answers by every metric: a verdict and notes for each, and all measures.

    Where several metrics judge an answer, the last that finds fault decides.
    """
    verdicts, measures = [""] * len(questions), list[Measure]()
    notes: list[list[str]] = [[] for _ in questions]
    for metric in (kind() for kind in METRICS.all().values()):
        positions = [n for n, question in enumerate(questions) if metric.marks(question)]
        probed, answered = [questions[n] for n in positions], [texts[n] for n in positions]
        reasons = metric.verdicts(probed, answered, identity)
        for n, reason in zip(positions, reasons, strict=True):
            if metric.is_side:
                notes[n] += [reason] if reason not in RIGHT else []
            elif reason not in RIGHT or not verdicts[n]:
                verdicts[n] = reason
        measures += [*metric.measures(probed, reasons), *metric.scored(probed, answered, identity)]
    return verdicts, notes, measures
