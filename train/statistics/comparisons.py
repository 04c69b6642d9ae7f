"""Compares the tuned model with the base, and with every other contestant: questions, and texts that are read."""

from collections.abc import Mapping, Sequence

from schemas.exam import Comparison, Measure
from schemas.statistics.comparisons import by_questions, contest, judged
from schemas.statistics.families import two_sided
from train.statistics.intervals import bootstrap_values

__all__ = ("Losses", "compare", "contest")

Losses = Mapping[str, tuple[float, int]]
"""By conversation, the summed loss of a model and the tokens that it is over."""


def compare(
    base: Sequence[Measure], tuned: Sequence[Measure], losses: Mapping[str, tuple[Losses, Losses]], margin: float
) -> tuple[Comparison, ...]:
    """Compare two sheets over the same questions, measure by measure, with one correction for all of them (Holm).

    `losses` holds, by the name of a perplexity, what both models lost on each conversation (paired bootstrap). `margin`
    is the least difference of two rates that matters. With others than the base it is a `contest`: they may have
    answered a part.
    """
    before = {measure.name: measure for measure in base}
    drafts = [
        _by_losses(measure, *losses[measure.name])
        if measure.name in losses
        else by_questions(before[measure.name], measure)
        for measure in tuned
    ]
    return judged(drafts, margin)


def _by_losses(tuned: Measure, base_losses: Losses, tuned_losses: Losses) -> Comparison:
    """Draw conversations with replacement, and see how often the model that lost less on all of them loses more."""
    shared = sorted(base_losses.keys() & tuned_losses.keys())

    def difference(chosen: Sequence[int]) -> float:
        tokens = sum(tuned_losses[shared[n]][1] for n in chosen)
        return sum(tuned_losses[shared[n]][0] - base_losses[shared[n]][0] for n in chosen) / max(tokens, 1)

    values = bootstrap_values(len(shared), difference) if shared else [0.0]
    return Comparison(
        measure=tuned.name,
        n=len(shared),
        gained=sum(tuned_losses[id][0] < base_losses[id][0] for id in shared),
        lost=sum(tuned_losses[id][0] > base_losses[id][0] for id in shared),
        p=two_sided(values),
        is_better=sum(value < 0 for value in values) > sum(value > 0 for value in values),
    )
