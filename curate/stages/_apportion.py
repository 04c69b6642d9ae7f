"""Amounts divided in proportion and met by whole records: exact, by largest remainder, and the same in any order."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from curate.conversations.training_shares import apportion


class Candidate(NamedTuple):
    """A record that may be chosen. `size` is what it counts: 1, or its label tokens."""

    id: str
    source: str
    size: int


def apportion_within(amount: int, weights: Mapping[str, float], available: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount as `apportion` does; who has less than its part gives all, and the others fill.

    Where those with a weight have too little, the others fill in proportion to what they have. The amount is at most
    what there is in all.
    """
    parts: dict[str, int] = {}
    rest = dict(available)
    while rest:
        left = amount - sum(parts.values())
        shares = {name: weights.get(name, 0) for name in rest}
        wanted = apportion(left, shares if any(shares.values()) else rest)
        short = [name for name in rest if wanted[name] > rest[name]]
        if not short:
            return {**parts, **wanted}
        parts |= {name: rest.pop(name) for name in short}
    return parts


def draw(
    candidates: Sequence[Candidate], amount: int, weights: Mapping[str, float], owed: int = 0
) -> tuple[list[str], int]:
    """Take the first candidates whose sizes come nearest to an amount; return their ids, and what is still owed.

    Where a source has a weight, sources share the amount in proportion to their weights, 1 where none is named. What
    one amount was missed by is `owed` to the next: several together are met to within half a record, as each is to
    within a whole one.
    """
    sources = {candidate.source for candidate in candidates} if weights else set()
    if not sources & set(weights):
        return _nearest(candidates, amount + owed)

    by_source = {name: [one for one in candidates if one.source == name] for name in sorted(sources)}
    sizes = {name: size_of(own) for name, own in by_source.items()}
    parts = apportion_within(min(amount, sum(sizes.values())), {name: weights.get(name, 1) for name in sizes}, sizes)
    chosen: list[str] = []
    for name, own in by_source.items():
        ids, owed = _nearest(own, parts[name] + owed)
        chosen += ids
    return chosen, owed


def size_of(candidates: Iterable[Candidate]) -> int:
    """Sum the sizes."""
    return sum(candidate.size for candidate in candidates)


def _nearest(candidates: Sequence[Candidate], amount: int) -> tuple[list[str], int]:
    """Take as many of the first candidates as come nearest to an amount, the fewer of two; and what is missing then."""
    sums = list(accumulate((candidate.size for candidate in candidates), initial=0))
    number = bisect_left(sums, amount)
    if number == len(sums) or (number and amount - sums[number - 1] <= sums[number] - amount):
        number -= 1
    return [candidate.id for candidate in candidates[:number]], amount - sums[number]
