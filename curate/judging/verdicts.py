"""What a judge preferred, weighed: a pair is won where both orders say so, and a tie where they disagree."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import ValidationError

from schemas.digest import digest_file
from schemas.errors import StoreError
from schemas.exam import ComparisonVerdict, ExamQuestion
from schemas.record import Frozen
from schemas.run_files import RunFiles
from schemas.statistics.families import rate_interval
from schemas.statistics.intervals import wilson
from schemas.statistics.paired import mcnemar, sign_flip
from schemas.statistics.reviews import Count, verdict_of

Preferred = Literal["own", "other", "same"]
"""Whose answer was preferred: of the contestant that is judged, or of the one that it is compared with."""
WORTH: dict[Preferred, int] = {"own": 1, "same": 0, "other": -1}


class JudgedPair(Frozen):
    """One pair: whom the judge preferred where the own answer came first, and where it came second."""

    question: str
    probe: str
    lang: str
    own_first: Preferred
    own_second: Preferred

    @property
    def winner(self) -> int:
        """Say who won: 1 the contestant that is judged, -1 the other, 0 nobody."""
        return WORTH[self.own_first] if self.own_first == self.own_second else 0


class JudgedContest(Frozen):
    """What a judge found of one contestant, `of`, against another.

    `share` is that of the wins among decided pairs; its 95 % interval is on each side the wider of Wilson's and of a
    bootstrap over families. `p` is the larger of the sign test's and of the permutation test's by families.
    """

    of: str
    against: str
    judge: str
    """The name of the model that judged."""
    exam: str
    """The digest of the exam's file: what was said of another exam says nothing of this one."""
    pairs: tuple[JudgedPair, ...]
    count: Count
    share: float | None
    low: float
    high: float
    p: float
    verdict: ComparisonVerdict
    by_lang: Mapping[str, Count]
    by_probe: Mapping[str, Count]
    disagreed: int
    """Pairs on which the two orders said different things: ties, whatever they said."""
    first_twice: int
    second_twice: int
    """Pairs on which the answer that came first, or second, was preferred in both orders, whosever it was."""
    position_p: float
    """The p of the sign test of these two: small where the judge goes by the order."""
    equal: int
    private: int
    spare: int
    """Pairs that nobody asked about: with equal answers, with personal data, and beyond the limit."""
    faults: Mapping[str, int]
    """Pairs without a verdict, by what was wrong with a reply."""


class JudgedExam(Frozen):
    """The file of a run: all that judges said of its exam, in the order of the pairs of names."""

    contests: tuple[JudgedContest, ...] = ()


class JudgeRound(NamedTuple):
    """Who was compared, by whom and in which exam, and what was left out."""

    of: str
    against: str
    judge: str
    exam: str
    equal: int
    private: int
    spare: int
    faults: Mapping[str, int]


def weigh_judgements(
    pairs: Sequence[JudgedPair], questions: Mapping[str, ExamQuestion], judged: JudgeRound
) -> JudgedContest:
    """Weigh what a judge preferred. Questions of one family stand or fall together."""
    count = _counted(pairs)
    decided = [pair for pair in pairs if pair.winner]
    families = [questions[pair.question].group or pair.question for pair in decided]
    low, high = rate_interval([pair.winner > 0 for pair in decided], families) if decided else wilson(0, 0)
    changes: Counter[str] = Counter()
    for pair, family in zip(decided, families, strict=True):
        changes[family] += pair.winner
    p = max(mcnemar(count.losses, count.wins), sign_flip(changes.values()))
    first = sum((pair.own_first, pair.own_second) == ("own", "other") for pair in pairs)
    second = sum((pair.own_first, pair.own_second) == ("other", "own") for pair in pairs)
    return JudgedContest(
        **judged._asdict(),
        pairs=tuple(pairs),
        count=count,
        share=count.wins / len(decided) if decided else None,
        low=low,
        high=high,
        p=p,
        verdict=verdict_of(count, p),
        by_lang={lang: _counted(pair for pair in pairs if pair.lang == lang) for lang in _in_turn(pairs, "lang")},
        by_probe={name: _counted(pair for pair in pairs if pair.probe == name) for name in _in_turn(pairs, "probe")},
        disagreed=sum(pair.own_first != pair.own_second for pair in pairs),
        first_twice=first,
        second_twice=second,
        position_p=mcnemar(first, second),
    )


def _counted(pairs: Iterable[JudgedPair]) -> Count:
    winners = Counter(pair.winner for pair in pairs)
    return Count(wins=winners[1], losses=winners[-1], ties=winners[0])


def _in_turn(pairs: Sequence[JudgedPair], field: Literal["lang", "probe"]) -> list[str]:
    return list(dict.fromkeys(getattr(pair, field) for pair in pairs))


def read_judged(files: RunFiles) -> JudgedExam:
    """Read what judges said of the exam that lies in a run's folder; nothing where nobody did.

    Raises StoreError for damage.
    """
    if not files.judge.is_file() or not files.exam.is_file():
        return JudgedExam()
    try:
        judged = JudgedExam.model_validate_json(files.judge.read_bytes())
    except ValidationError:
        raise StoreError(f"{files.judge} is damaged", f"{files.judge} 已损坏") from None
    exam = digest_file(files.exam)
    return JudgedExam(contests=tuple(one for one in judged.contests if one.exam == exam))
