"""Says of each measure whether the tuned model is better or worse than another, or that nobody can tell yet."""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from schemas.exam import Comparison, ComparisonVerdict, Measure
from schemas.statistics.families import TEST_DRAWS, drawn_means, two_sided
from schemas.statistics.paired import holm, mcnemar, questions_needed, sign_flip

ENOUGH = 10
"""Questions below which no verdict is given."""
LEVEL = 0.05


def contest(tuned: Sequence[Measure], other: Sequence[Measure], margin: float) -> tuple[Comparison, ...]:
    """Compare the tuned model with another, measure by measure, on the questions that both were asked.

    One correction for all measures (Holm). Those of which no question is shared, or whose questions nobody wrote down
    (perplexities), are left out. `margin` is the least difference of two rates that matters.
    """
    theirs = {measure.name: measure for measure in other}
    pairs = [(theirs[ours.name], ours) for ours in tuned if ours.name in theirs]
    return judged([by_questions(other, ours) for other, ours in pairs if shared_questions(other, ours)], margin)


def shared_questions(other: Measure, tuned: Measure) -> set[str]:
    """Find the questions that both measures are over."""
    if tuned.scores or other.scores:
        return tuned.scores.keys() & other.scores.keys()
    return set(tuned.asked) & set(other.asked)


def restricted(measure: Measure, questions: Collection[str]) -> Measure | None:
    """Leave of a measure what it says of these questions; its interval and its families are not computed anew.

    None where its value cannot be told of a part: a median or a BLEU is no mean of what each question scores.
    """
    scores = {id: score for id, score in measure.scores.items() if id in questions}
    hits, asked = (tuple(id for id in ids if id in questions) for ids in (measure.hits, measure.asked))
    if len(scores) == len(measure.scores) and len(asked) == len(measure.asked):
        return measure
    if measure.scores and not math.isclose(_mean(measure.scores.values()), measure.value, abs_tol=1e-9):
        return None
    n, total = (len(scores), sum(scores.values())) if measure.scores else (len(asked), len(hits))
    value = total / n if n else measure.value
    return measure.model_copy(update={"value": value, "n": n, "hits": hits, "asked": asked, "scores": scores})


def _mean(values: Collection[float]) -> float:
    return math.fsum(values) / len(values)


def by_questions(other: Measure, tuned: Measure) -> Comparison:
    """Compare question by question, with families standing or falling together; p is not corrected yet.

    Measures that count questions: the larger p of McNemar's exact test, which takes questions for independent, and of
    the permutation test by families, which sees no change inside a family that evens out. Each is valid where its
    assumption holds, so that the larger one is where either does.
    """
    if tuned.scores or other.scores:
        return _by_scores(other, tuned)
    shared = shared_questions(other, tuned)
    n = len(shared) or tuned.n  # an exam of an older release does not say what was asked: the same of both
    ours, theirs = ((set(measure.hits) & shared if shared else set(measure.hits)) for measure in (tuned, other))
    gained, lost = ours - theirs, theirs - ours
    if not tuned.more_is_better:
        gained, lost = lost, gained
    changes = [family.total for family in _families(tuned, [*((id, 1) for id in gained), *((id, -1) for id in lost)])]
    p = max(mcnemar(len(lost), len(gained)), sign_flip(int(change) for change in changes))
    return Comparison(measure=tuned.name, n=n, gained=len(gained), lost=len(lost), p=p)


def _by_scores(other: Measure, tuned: Measure) -> Comparison:
    """Compare what two models got for each question: how often does a sample of the families show the other way?

    A paired bootstrap (B. Efron and R. Tibshirani, 1993, 16.4). Few families look surer in it than they are: p is at
    least that of as many families that all changed one way.
    """
    shared, sign = sorted(shared_questions(other, tuned)), 1 if tuned.more_is_better else -1
    changes = [(id, sign * (tuned.scores[id] - other.scores[id])) for id in shared]
    families = _families(tuned, changes)
    changed = sum(family.total != 0 for family in families)
    totals, sizes = [family.total for family in families], [family.size for family in families]
    drawn = drawn_means(totals, sizes, TEST_DRAWS) if families else [0.0]
    return Comparison(
        measure=tuned.name,
        n=len(shared),
        gained=sum(change > 0 for _, change in changes),
        lost=sum(change < 0 for _, change in changes),
        p=min(1.0, max(two_sided(drawn), 2.0 ** (1 - changed))),
        is_better=sum(change for _, change in changes) > 0,
    )


class _Family(NamedTuple):
    total: float
    size: int


def _families(measure: Measure, changes: Iterable[tuple[str, float]]) -> list[_Family]:
    """Add up changes by family, in the order in which families come first by id: the same every time."""
    families: dict[str, _Family] = {}
    for id, change in sorted(changes):
        # A name that no family has, for a question that stands alone.
        family = measure.family_of.get(id, f"\0{id}")
        before = families.get(family, _Family(0, 0))
        families[family] = _Family(before.total + change, before.size + 1)
    return list(families.values())


def judged(drafts: Sequence[Comparison], margin: float) -> tuple[Comparison, ...]:
    """Give verdicts on all measures of a comparison, corrected for their number (Holm)."""
    tested = [draft for draft in drafts if draft.n >= ENOUGH]
    adjusted = dict(zip((draft.measure for draft in tested), holm([draft.p for draft in tested]), strict=True))
    return tuple(_with_verdict(draft, adjusted.get(draft.measure), margin) for draft in drafts)


def _with_verdict(draft: Comparison, adjusted: float | None, margin: float) -> Comparison:
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
