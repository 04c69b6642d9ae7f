"""Draws what a recipe wants out of all rows that an augmenter can write, and leaves out what the exam asks."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import polars as pl

from curate.augmenters import Written
from curate.augmenters._paper_guard import near_papers
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.ledger import events_of

NewRecord = dict[str, Any]


class Wish(NamedTuple):
    """How many rows a setting wants, of all that can be written for it, in each language in the order of the choice."""

    setting: str
    wanted: int
    by_language: Sequence[Sequence[NewRecord]]


class _Drawn(NamedTuple):
    """Rows that come in, and rows whose turn it was and that must not."""

    taken: list[NewRecord]
    passed_over: list[NewRecord]


def draw(augmenter: str, wishes: Sequence[Wish], identity: Identity) -> Written:
    """Draw as many rows as each setting wants, the languages in turn, none of them near a question of the papers.

    The next row of its language takes the place of one that is near; where the last is reached there are fewer rows.
    GateError when a setting wants more than can be written at all.
    """
    for wish in wishes:
        _check_number(augmenter, wish)
    possible = chain.from_iterable(rows for wish in wishes if wish.wanted for rows in wish.by_language)
    near = near_papers(frame_of(list(possible)), identity)

    drawn = [_draw(wish, set(near["id"])) for wish in wishes]
    held_back = [record["id"] for one in drawn for record in one.passed_over]
    left = near.filter(pl.col("id").is_in(held_back)).sort("id")
    events = [events_of(left.select("id"), augmenter, "added"), events_of(left, augmenter, "dropped")]
    return Written(frame_of([record for one in drawn for record in one.taken]), pl.concat(events))


def _check_number(augmenter: str, wish: Wish) -> None:
    available = sum(map(len, wish.by_language))
    if (missing := wish.wanted - available) > 0:
        raise GateError(
            f"{augmenter}: {wish.wanted} {wish.setting} are wanted, the kit gives {available}: {missing} are missing",
            f"{augmenter}：{wish.setting} 要 {wish.wanted} 条，模板只能给 {available} 条，还差 {missing} 条",
        )


def _draw(wish: Wish, near: set[str]) -> _Drawn:
    """Draw for one wish. A row that is near is passed over only where it would have been drawn."""
    drawn = _Drawn([], [])
    in_turn = zip_longest(*(_turns(rows, near) for rows in wish.by_language))
    for turn in chain.from_iterable(in_turn):
        if len(drawn.taken) == wish.wanted:
            break
        if turn is not None:
            drawn.passed_over.extend(turn.passed_over)
            drawn.taken.extend(turn.taken)
    return drawn


def _turns(rows: Iterable[NewRecord], near: set[str]) -> Iterator[_Drawn]:
    """Give a turn for each row of a language that may come in, with those before it that may not; these end alone."""
    passed_over: list[NewRecord] = []
    for record in rows:
        if record["id"] in near:
            passed_over.append(record)
            continue
        yield _Drawn([record], passed_over)
        passed_over = []
    yield _Drawn([], passed_over)
