"""Draws what a recipe wants out of all rows that an augmenter can write, and leaves out what the exam asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, zip_longest
from typing import Annotated, Any, NamedTuple, TypeVar

import polars as pl
from pydantic import Field

from curate.augmenters import Written
from curate.augmenters._paper_guard import near_papers
from curate.augmenters.kit import Lang
from curate.conversations.training_shares import apportion
from schemas.digest import digest
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.ledger import events_of

Choice = TypeVar("Choice")
NewRecord = dict[str, Any]
Number = Annotated[int, Field(ge=0)]
Numbers = Number | dict[Lang, Number]
"""How many rows: in all, shared by the languages, or for each language."""
SPARE = 32
"""Rows that are written beyond those wanted before the papers are asked: they take the place of what is near one."""


class Wish(NamedTuple):
    """How many rows a setting wants in a language, of all that can be written for it, in the order of the choice."""

    setting: str
    lang: Lang
    wanted: int
    rows: Iterable[NewRecord]


class _Drawn(NamedTuple):
    """Rows that come in, and rows whose turn it was and that must not."""

    taken: list[NewRecord]
    passed_over: list[NewRecord]


def per_language(numbers: Numbers, languages: Sequence[Lang], business: Mapping[str, int] | None) -> dict[Lang, int]:
    """Share a number among the languages: evenly, the first taking what is over, or as the business rows are shared.

    `business` counts these by language; None for an even share. By largest remainder, so that the sum is the number. A
    number of its own for each language stays as it is; one for a language without names is left out.
    """
    if isinstance(numbers, dict):
        return {lang: numbers.get(lang, 0) for lang in languages}
    counts = {lang: (business or {}).get(lang, 0) for lang in languages}
    return apportion(numbers, counts if any(counts.values()) else dict.fromkeys(languages, 1))


def business_rows(frame: pl.DataFrame) -> dict[str, int]:
    """Count the business rows by language."""
    counted = frame.filter(pl.col("kind") == "domain").group_by("lang").len()
    return dict(counted.iter_rows())


def in_proportion(
    groups: Mapping[str, Sequence[Choice]], label: str, seed: int, key_of: Callable[[str, Choice], str]
) -> Iterator[tuple[str, Choice]]:
    """Order what stands in groups so that any first part of it holds each group in its proportion.

    `key_of` gives the hash by which a group, named first, orders what is in it.
    """
    placed: list[tuple[float, str, Choice]] = []
    for name, items in groups.items():
        offset = fraction(seed, label, name)
        ordered = sorted(items, key=partial(key_of, name))
        placed += [((n + offset) / len(ordered), name, item) for n, item in enumerate(ordered)]
    for _, name, item in sorted(placed):
        yield name, item


def fraction(*key: Any) -> float:
    """Make a uniform number from 0 to below 1 of a key, by its hash: eight hexadecimal digits of it."""
    return int(digest(*key)[:8], 16) / 16**8


def choose(choices: Sequence[Choice], *key: Any) -> Choice:
    """Choose one by the hash of a key: the same key, the same choice."""
    return choices[int(digest(*key)[:8], 16) % len(choices)]


def answered_question(
    name: str, kit_digest: str, lang: Lang, exchange: tuple[str, str], tags: Sequence[str]
) -> NewRecord:
    """Write a record of kind refusal: a question and its answer, out of the texts that `kit_digest` names."""
    question, answer = exchange
    return {
        "id": digest("record", name, question, answer),
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
        "kind": "refusal",
        "lang": lang,
        "source": {"file": name, "digest": kit_digest, "rows": []},
        "parent": None,
        "group": digest(name, question),
        "tags": list(tags),
    }


def draw(augmenter: str, wishes: Sequence[Wish], identity: Identity) -> Written:
    """Draw as many rows as each wish wants, in turn, none of them near a question of the papers.

    The next row takes the place of one that is near; where the last is reached there are fewer rows. GateError when
    more is wanted than can be written at all.
    """
    drawn = _all_drawn(augmenter, wishes, identity)
    by_setting = [[one for wish, one in zip(wishes, drawn, strict=True) if wish.setting == setting]
                  for setting in dict.fromkeys(wish.setting for wish in wishes)]  # fmt: skip
    taken = [record for parts in by_setting for turn in zip_longest(*(one.taken for one in parts)) for record in turn]
    rows = frame_of([record for record in taken if record is not None])

    held_back = frame_of([record for one in drawn for record in one.passed_over])
    left = near_papers(held_back, identity).sort("id")
    events = [events_of(left.select("id"), augmenter, "added"), events_of(left, augmenter, "dropped")]
    return Written(rows, pl.concat(events))


def _all_drawn(augmenter: str, wishes: Sequence[Wish], identity: Identity) -> list[_Drawn]:
    """Draw for every wish. The papers are asked of a stretch of rows of all wishes at once, again while any lacks some.

    Most rows that could be written never are.
    """
    sources = [iter(wish.rows) for wish in wishes]
    drawn = [_Drawn([], []) for _ in wishes]
    lacking = list(range(len(wishes)))
    while lacking:
        stretches = {n: list(islice(sources[n], wishes[n].wanted - len(drawn[n].taken) + SPARE)) for n in lacking}
        written = frame_of(list(chain.from_iterable(stretches.values())))
        near = set(near_papers(written, identity)["id"]) if written.height else set()
        for n, stretch in stretches.items():
            _draw(iter(stretch), wishes[n].wanted, near, drawn[n])
            if not stretch:
                _check_number(augmenter, wishes[n], drawn[n])
        lacking = [n for n in lacking if stretches[n] and len(drawn[n].taken) < wishes[n].wanted]
    return drawn


def _draw(rows: Iterator[NewRecord], wanted: int, near: set[str], drawn: _Drawn) -> None:
    """Draw from a stretch. A row that is near is passed over only where it would have been drawn."""
    while len(drawn.taken) < wanted and (record := next(rows, None)) is not None:
        (drawn.passed_over if record["id"] in near else drawn.taken).append(record)


def _check_number(augmenter: str, wish: Wish, drawn: _Drawn) -> None:
    """Check that a wish that has come to the end of its rows did not want more than all of them."""
    available = len(drawn.taken) + len(drawn.passed_over)
    if (missing := wish.wanted - available) > 0:
        raise GateError(
            f"{augmenter}: {wish.wanted} {wish.setting} are wanted in {wish.lang}, the kit gives {available}: "
            f"{missing} are missing",
            f"{augmenter}：{wish.lang} 的 {wish.setting} 要 {wish.wanted} 条，模板只能给 {available} 条，"
            f"还差 {missing} 条",
        )
