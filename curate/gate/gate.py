"""The gate: every rewording passes all checks, and is held against those that were accepted before and the exam."""

import sys
from collections.abc import Sequence
from functools import cache

from datasketch import MinHash, MinHashLSH

from curate.gate.checks import Check, GateCandidate
from curate.gate.meaning.plain_texts import bare, bigrams, jaccard, unedited
from schemas.catalog import Catalog
from schemas.identity import Identity

CHECKS: Catalog[Check] = Catalog(sys.modules["curate.gate.checks"], Check)
NEAR_ACCEPTED, NEAR_EXAM = "near_accepted", "near_exam"
PERMUTATIONS = 64
BANDS = (32, 2)
"""Bands and rows of the index: from a Jaccard similarity of about a fifth on it proposes a pair, and `near` decides."""
JACCARD, EDIT = 0.6, 0.75
"""Where two rewordings say the same in the same words."""


@cache
def checks() -> tuple[tuple[str, Check], ...]:
    """Load all checks, in the order in which they give the reason."""
    loaded = [(name, check()) for name, check in CHECKS.all().items()]
    return tuple(sorted(loaded, key=lambda pair: (pair[1].rank, pair[0])))


def refusal(candidate: GateCandidate, identity: Identity) -> str:
    """Name the first check that refuses a rewording; empty where all keep it."""
    return next((name for name, check in checks() if check.refuses(candidate, identity)), "")


class RewordingGate:
    """Judges rewordings in a stream: what was accepted counts for those behind it."""

    def __init__(self, identity: Identity, exam: Sequence[str] = (), accepted: Sequence[str] = ()) -> None:
        self.identity = identity
        self.exam, self.accepted = NearTexts(), NearTexts()
        for question in exam:
            self.exam.add(question)
        for text in accepted:
            self.accepted.add(text)

    def refusals(self, candidates: Sequence[GateCandidate]) -> list[str]:
        """Name for each the check that refuses it, or `near_accepted` or `near_exam`; empty where it may be learnt."""
        return [self._refusal(candidate) for candidate in candidates]

    def _refusal(self, candidate: GateCandidate) -> str:
        reason = refusal(candidate, self.identity)
        if not reason and candidate.part == "question" and self.exam.near(candidate.text):
            reason = NEAR_EXAM
        if not reason and self.accepted.near(candidate.text):
            reason = NEAR_ACCEPTED
        if not reason:
            self.accepted.add(candidate.text)
        return reason


class NearTexts:
    """Texts, and whether another one is near any of them. MinHash proposes, the exact measures decide."""

    def __init__(self) -> None:
        self.index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
        self.texts: list[str] = []
        self.known: set[str] = set()

    def add(self, text: str) -> None:
        """Take a text in."""
        self.known.add(bare(text))
        self.index.insert(len(self.texts), _signature(text))
        self.texts.append(text)

    def near(self, text: str) -> bool:
        """Tell whether a text is near one that was taken in."""
        if bare(text) in self.known:
            return True
        proposed = sorted(self.index.query(_signature(text)))
        return any(_are_near(text, self.texts[number]) for number in proposed)


def _signature(text: str) -> MinHash:
    signature = MinHash(num_perm=PERMUTATIONS)
    signature.update_batch([pair.encode() for pair in sorted(bigrams(text))])
    return signature


def _are_near(first: str, second: str) -> bool:
    return jaccard(first, second) >= JACCARD or unedited(first, second) >= EDIT
