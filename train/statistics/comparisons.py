"""Says of each measure whether the tuned model is better or worse than the base, or that nobody can tell yet."""

from collections.abc import Mapping, Sequence

from schemas.exam import Comparison, ComparisonVerdict, Measure
from schemas.statistics.paired import holm, mcnemar, questions_needed
from train.statistics.intervals import bootstrap_values

ENOUGH = 10
"""Questions below which no verdict is given."""
LEVEL = 0.05

Losses = Mapping[str, tuple[float, int]]
"""By conversation, the summed loss of a model and the tokens that it is over."""


def compare(
    base: Sequence[Measure], tuned: Sequence[Measure], losses: Mapping[str, tuple[Losses, Losses]], margin: float
) -> tuple[Comparison, ...]:
    """Compare two sheets measure by measure, with one correction for all of them (Holm).

    Measures that count questions are compared question by question (McNemar's exact test). `losses` holds, by the name
    of a perplexity, what both models lost on each conversation (paired bootstrap). `margin` is the least difference of
    two rates that matters.
    """
    before = {measure.name: measure for measure in base}
    drafts = [
        _by_losses(measure, *losses[measure.name])
        if measure.name in losses
        else _by_questions(before[measure.name], measure)
        for measure in tuned
    ]
    judged = [draft for draft in drafts if draft.n >= ENOUGH]
    adjusted = dict(zip((draft.measure for draft in judged), holm([draft.p for draft in judged]), strict=True))
    return tuple(_judged(draft, adjusted.get(draft.measure), margin) for draft in drafts)


def _by_questions(base: Measure, tuned: Measure) -> Comparison:
    """Count the questions that only one of the models answers so."""
    gained, lost = set(tuned.hits) - set(base.hits), set(base.hits) - set(tuned.hits)
    if not tuned.more_is_better:
        gained, lost = lost, gained
    p = mcnemar(len(lost), len(gained))
    return Comparison(measure=tuned.name, n=tuned.n, gained=len(gained), lost=len(lost), p=p)


def _by_losses(tuned: Measure, base_losses: Losses, tuned_losses: Losses) -> Comparison:
    """Draw conversations with replacement, and see how often the model that lost less on all of them loses more."""
    shared = sorted(base_losses.keys() & tuned_losses.keys())

    def difference(chosen: Sequence[int]) -> float:
        tokens = sum(tuned_losses[shared[n]][1] for n in chosen)
        return sum(tuned_losses[shared[n]][0] - base_losses[shared[n]][0] for n in chosen) / max(tokens, 1)

    values = bootstrap_values(len(shared), difference) if shared else [0.0]
    # One more on each side: no number of draws shows that something cannot happen.
    above, below = (1 + sum(v >= 0 for v in values), 1 + sum(v <= 0 for v in values))
    p = min(1.0, 2 * min(above, below) / (len(values) + 1))
    gained = sum(tuned_losses[id][0] < base_losses[id][0] for id in shared)
    lost = sum(tuned_losses[id][0] > base_losses[id][0] for id in shared)
    return Comparison(measure=tuned.name, n=len(shared), gained=gained, lost=lost, p=p, is_better=below > above)


def _judged(draft: Comparison, adjusted: float | None, margin: float) -> Comparison:
    """Give the verdict; where nobody can tell, say how many questions more are worth asking."""
    if adjusted is None:
        return draft.model_copy(update={"verdict": "too_few", "ask_more": ENOUGH - draft.n})
    is_better = draft.gained > draft.lost if draft.is_better is None else draft.is_better
    verdict: ComparisonVerdict = "cannot_tell"
    if adjusted < LEVEL:
        verdict = "better" if is_better else "worse"
    needed = questions_needed(draft.gained + draft.lost, draft.n, margin)
    more = max(0, needed - draft.n) if verdict == "cannot_tell" and draft.is_better is None else 0
    return draft.model_copy(update={"verdict": verdict, "p_adjusted": adjusted, "ask_more": more})
