"""What the exam measures: one metric a file, found by its file name. Metrics do not import metrics."""

from collections.abc import Sequence
from typing import ClassVar

from schemas.exam import Measure, Probe, Question
from schemas.identity import Identity
from schemas.record import Frozen


class Metric(Frozen):
    """Marks the answers to the questions of some probes, and sums them up.

    `verdicts` gives one reason per answer (`right`, `wrong_name`, …); `measures` turns them into numbers with
    n and a 95 % interval. Both take questions of `probes` only, in the same order as the answers.
    """

    probes: ClassVar[tuple[Probe, ...]]

    def verdicts(self, questions: Sequence[Question], answers: Sequence[str], identity: Identity) -> list[str]:
        raise NotImplementedError

    def measures(self, questions: Sequence[Question], verdicts: Sequence[str]) -> list[Measure]:
        raise NotImplementedError
