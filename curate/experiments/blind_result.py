"""What reviewers said without knowing: how often each side won, how sure that is, and how far they agree."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from curate.experiments.blind_key import BlindKey, PairKey
from curate.experiments.blind_sheet import Choice, FilledSheet
from schemas.errors import InputError
from schemas.exam import ComparisonVerdict
from schemas.record import Frozen
from schemas.statistics.agreement import krippendorff_alpha
from schemas.statistics.intervals import Interval, wilson
from schemas.statistics.paired import mcnemar
from schemas.statistics.reviews import Count, share_found, verdict_of, wins_needed


class ReviewerCount(Frozen):
    """What one reviewer said. `unanswered` pairs have no choice; `chose_a` and `chose_b` count sides, whoever stood
    there."""

    sheet: str
    count: Count
    unanswered: int
    chose_a: int
    chose_b: int


class BlindReport(Frozen):
    """What a blind comparison found.

    A pair counts as the majority of its reviewers says; where there is none it is a tie. `share` is that of the wins
    among pairs without a tie, with Wilson's 95 % interval; `p` that of the exact two-sided sign test on them.
    """

    version: str
    against: str
    pairs: int
    unanswered: int
    """Pairs on which no reviewer chose."""
    count: Count
    share: float | None
    low: float
    high: float
    p: float
    verdict: ComparisonVerdict
    """Of the tuned model."""
    wins_needed: int | None
    """The wins that so many decided pairs take."""
    share_found: float | None
    """The share of wins that so many decided pairs find at 80 % power."""
    a_bias_p: float
    """The p of the sign test of side A against side B over all choices: small where a side was chosen for itself."""
    agreement: float | None
    agreement_interval: Interval | None
    """Krippendorff's alpha of the reviewers; None for one, and where it says nothing."""
    judged_twice: int
    """Pairs on which more than one reviewer chose."""
    reviewers: tuple[ReviewerCount, ...]
    by_lang: Mapping[str, Count]
    by_probe: Mapping[str, Count]


def weigh(key: BlindKey, sheets: Sequence[FilledSheet]) -> BlindReport:
    """Weigh what the reviewers chose. Raises InputError where nobody chose anything."""
    if not any(sheet.choices for sheet in sheets):
        raise InputError("no pair has a choice yet", "还没有一对作出选择")
    verdicts = {pair.number: _verdict(pair, sheets) for pair in key.pairs}
    judged = {number: verdict for number, verdict in verdicts.items() if verdict is not None}
    count = _count(judged.values())
    decided = count.wins + count.losses
    low, high = wilson(count.wins, decided)
    p = mcnemar(count.losses, count.wins)
    units = [[sheet.choices[pair.number] for sheet in sheets if pair.number in sheet.choices] for pair in key.pairs]
    reviewers = tuple(_of_reviewer(key, sheet) for sheet in sheets)
    alpha = krippendorff_alpha(units) if len(sheets) > 1 else None
    return BlindReport(
        version=key.version,
        against=key.against,
        pairs=len(key.pairs),
        unanswered=len(key.pairs) - len(judged),
        count=count,
        share=count.wins / decided if decided else None,
        low=low,
        high=high,
        p=p,
        verdict=verdict_of(count, p),
        wins_needed=wins_needed(decided),
        share_found=share_found(decided),
        a_bias_p=mcnemar(sum(r.chose_b for r in reviewers), sum(r.chose_a for r in reviewers)),
        agreement=alpha.value if alpha else None,
        agreement_interval=alpha.interval if alpha else None,
        judged_twice=sum(len(unit) > 1 for unit in units),
        reviewers=reviewers,
        by_lang=_counts(key, judged, [pair.lang for pair in key.pairs]),
        by_probe=_counts(key, judged, [pair.probe for pair in key.pairs]),
    )


def _won(pair: PairKey, choice: Choice) -> int:
    """Say who won: 1 the tuned model, -1 the other, 0 nobody."""
    return 0 if choice == "=" else 1 if choice == pair.tuned else -1


def _verdict(pair: PairKey, sheets: Sequence[FilledSheet]) -> int | None:
    """Say who won a pair with most reviewers, in the same way; None where none chose."""
    votes = [_won(pair, sheet.choices[pair.number]) for sheet in sheets if pair.number in sheet.choices]
    balance = sum(votes)
    return (balance > 0) - (balance < 0) if votes else None


def _count(verdicts: Iterable[int]) -> Count:
    counts = Counter(verdicts)
    return Count(wins=counts[1], losses=counts[-1], ties=counts[0])


def _counts(key: BlindKey, judged: Mapping[int, int], labels: Sequence[str]) -> dict[str, Count]:
    """Count by label, one for each pair of the key."""
    return {
        label: _count(
            judged[pair.number]
            for pair, own in zip(key.pairs, labels, strict=True)
            if own == label and pair.number in judged
        )
        for label in dict.fromkeys(labels)
    }


def _of_reviewer(key: BlindKey, sheet: FilledSheet) -> ReviewerCount:
    by_number = {pair.number: pair for pair in key.pairs}
    sides = Counter(sheet.choices.values())
    return ReviewerCount(
        sheet=sheet.path,
        count=_count(_won(by_number[number], choice) for number, choice in sheet.choices.items()),
        unanswered=len(key.pairs) - len(sheet.choices),
        chose_a=sides["A"],
        chose_b=sides["B"],
    )
