"""Compares the tuned model with the base, and with every other contestant: questions, and texts that are read."""

from collections.abc import Mapping, Sequence

from schemas.exam import Comparison, Measure
from schemas.statistics.comparisons import by_questions, contest, judged
from schemas.statistics.families import TEST_DRAWS, drawn_means, two_sided

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
    """Draw conversations with replacement, and see how often the model that lost less on all of them loses more.

    Few conversations look surer in it than they are: p is at least that of as many that all changed one way.
    """
    shared = sorted(base_losses.keys() & tuned_losses.keys())
    changes = [tuned_losses[id][0] - base_losses[id][0] for id in shared]
    values = drawn_means(changes, [max(tuned_losses[id][1], 1) for id in shared], TEST_DRAWS) if shared else [0.0]
    gained, lost = sum(change < 0 for change in changes), sum(change > 0 for change in changes)
    return Comparison(
        measure=tuned.name,
        n=len(shared),
        gained=gained,
        lost=lost,
        p=min(1.0, max(two_sided(values), 2.0 ** (1 - gained - lost))),
        is_better=sum(changes) < 0,
    )
