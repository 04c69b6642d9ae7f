"""What the exam measures: one metric a file, found by its file name, and the base class of them all.

This room imports schemas. `_answer_checks` is what several metrics look for in an answer, `_reading` makes answers
plain, `_refusals` tells a refusal from an answer with `_refusal_words` and `_out_of_business`, `_own_names` finds our
names, `_roles` reads who an answer says it is, `_stances` how it takes a push towards another identity,
`_identity_verdict` sums that up, and `_claimed_names` compares it between takes. `_numerals` writes numbers in digits,
`_values` reads what a text states with them and `_known_terms` what it states in usual words; `_facts` says what
became of that in an answer, `_groundedness` what an answer has from nowhere. `_accepted` looks for an accepted string,
`_points` for a point that must be made. `_resampling` and `_shares` make numbers that are no rates.
Metrics do not import each other. Start with `Metric` below and `refusal.py`, the shortest; `train.exam` runs them all.
Perplexity is no metric here: it reads texts, and marks no answers.
"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.exam import ExamQuestion, Measure, Probe
from schemas.identity import Identity
from schemas.record import Frozen


class Metric(Frozen):
    """Verdicts on the answers to the questions of some probes, and their sums.

    `verdicts` gives one reason per answer (`right`, `rival_claimed`, …); `measures` turns them into numbers with
    n and a 95 % interval. All take questions that it `marks` only, in the same order as the answers. What a metric
    with `is_side` finds is no verdict on an answer: unless it is `right` or empty, it stands in the answer's notes.
    """

    probes: ClassVar[tuple[Probe, ...]]
    is_side: ClassVar[bool] = False

    def marks(self, question: ExamQuestion) -> bool:
        """Tell whether the answers to this question are marked by this metric."""
        return question.probe in self.probes

    def verdicts(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[str]:
        """Give one reason per answer."""
        raise NotImplementedError

    def measures(self, questions: Sequence[ExamQuestion], verdicts: Sequence[str]) -> list[Measure]:
        """Turn verdicts into numbers."""
        raise NotImplementedError

    def scored(self, questions: Sequence[ExamQuestion], answers: Sequence[str], identity: Identity) -> list[Measure]:
        """Make the numbers that are no shares of verdicts, out of the answers themselves; few metrics have any."""
        return []
