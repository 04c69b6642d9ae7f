"""The key of a blind comparison: which answer is whose. It stands in a file of its own, and never in the sheet."""

from typing import Literal

from schemas.record import Frozen

Side = Literal["A", "B"]


class PairKey(Frozen):
    """One pair of the sheet. `content` digests the letters of the question and of both answers."""

    number: int
    question: str
    probe: str
    lang: str
    tuned: Side
    content: str


class BlindKey(Frozen):
    """What a sheet holds, and whose each answer is.

    `name` begins the number of every pair; it is made of `digest`, that of the sheet. `share` is the share of wins that
    was to be found.
    """

    name: str
    digest: str
    version: str
    against: str
    share: float
    pairs: tuple[PairKey, ...]
