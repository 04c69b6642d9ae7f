"""Masks personal data: one value keeps one pseudonym inside a conversation."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import field_validator

from curate.stages import Outcome, Stage, Tools
from curate.turns import explode
from rules.personal import KINDS, find, kind_of, screen, screen_answers
from schemas.frame import SCHEMA
from schemas.ledger import EVENTS, events_of
from schemas.words import Words

LONG_ENOUGH = 6
"""Characters of a value that is looked for in the rest of its conversation too; shorter ones are met by chance."""


class Mask(Stage):
    """Personal data is replaced by its kind and a number: `[手机号1]`, `[PHONE1]`.

    `labels` are Chinese in Chinese records and English in all others, unless it says `zh` or `en`.
    """

    title_zh: ClassVar[str] = "把个人信息替换成类别加编号"
    by_record: ClassVar[bool] = True

    kinds: tuple[str, ...] = KINDS.names()
    labels: Literal["auto", "zh", "en"] = "auto"

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        unknown = ", ".join(kind for kind in kinds if kind not in KINDS.names())
        if unknown:
            known = ", ".join(KINDS.names())
            raise ValueError(Words(f"unknown kind {unknown}; known: {known}", f"未知类别 {unknown}；可用：{known}"))
        return kinds

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        doubtful = self._doubtful(frame)
        places: list[int] = []
        changed: list[list[dict[str, Any]]] = []
        notes: list[dict[str, Any]] = []
        records = frame[list(doubtful)].iter_rows(named=True)
        for (place, turns), record in zip(doubtful.items(), records, strict=True):
            messages, counts = self._masked(record["messages"], record["lang"], turns)
            if counts:
                places.append(place)
                changed.append(messages)
                notes += [{"id": record["id"], "reason": kind, "score": n} for kind, n in sorted(counts.items())]
        if not places:
            return Outcome(frame)
        return Outcome(_replaced(frame, places, changed), _noted(notes))

    def _doubtful(self, frame: pl.DataFrame) -> dict[int, list[int]]:
        """Record by record, in order, the turns that may hold personal data."""
        turns = explode(frame).with_columns(side=pl.struct("record", "role").rle_id())
        sides = (
            turns.group_by("side", maintain_order=True)
            .agg(pl.col("record").first(), asked=pl.col("content").str.join("\n"))
            .select(pl.col("side"), pl.col("asked").shift(1).over("record"))
        )
        turns = turns.join(sides, on="side", how="left", maintain_order="left")
        flags = screen(turns["content"], self.kinds) | screen_answers(turns["content"], turns["asked"], self.kinds)
        flagged = turns.filter(flags).group_by("record", maintain_order=True).agg("turn")
        return dict(flagged.select("record", "turn").iter_rows())

    def _masked(
        self, messages: list[dict[str, Any]], lang: str, doubtful: list[int]
    ) -> tuple[list[dict[str, Any]], Counter[str]]:
        """The messages without personal data, and how many finds of each kind there were."""
        roles, texts = [m["role"] for m in messages], [m["content"] for m in messages]
        chinese = self.labels == "zh" or (self.labels == "auto" and lang == "zh")
        names = _Pseudonyms(texts, chinese)
        counts: Counter[str] = Counter()
        while doubtful:
            # What was replaced may uncover its neighbour: a text that changed is read again.
            before = list(texts)
            for turn in doubtful:
                texts[turn] = self._without(texts[turn], _asked(roles, texts, turn), names, counts)
            texts = [names.known(text, counts) for text in texts]
            doubtful = [turn for turn, text in enumerate(texts) if text != before[turn]]
        return [{"role": r, "content": t} for r, t in zip(roles, texts, strict=True)], counts

    def _without(self, text: str, asked: str, names: "_Pseudonyms", counts: Counter[str]) -> str:
        pieces, last = [], 0
        for start, end, kind in find(text, self.kinds, asked):
            pieces += [text[last:start], names.of(kind, text[start:end])]
            last = end
            counts[kind] += 1
        return "".join([*pieces, text[last:]])


class _Pseudonyms:
    """What the values of one conversation are called, numbered from 1 a label, or on from what stands there already."""

    def __init__(self, texts: list[str], chinese: bool) -> None:
        self._label: Callable[[str], str] = lambda kind: kind_of(kind).label_zh if chinese else kind_of(kind).label_en
        self._used: Counter[str] = Counter()
        for text in texts:
            for label, number in re.findall(r"\[([^\[\]\d]{1,16})(\d{1,4})\]", text):
                self._used[label] = max(self._used[label], int(number))
        self._names: dict[tuple[str, str], str] = {}
        self._literals: dict[str, str] = {}

    def of(self, kind: str, value: str) -> str:
        label = self._label(kind)
        key = (label, kind_of(kind).same(value))
        if key not in self._names:
            self._used[label] += 1
            self._names[key] = f"[{label}{self._used[label]}]"
        for written in (value, key[1]):
            if len(written) >= LONG_ENOUGH:
                self._literals[written] = kind
        return self._names[key]

    def known(self, text: str, counts: Counter[str]) -> str:
        """The text without values that another message gave away: an order number often comes back without the word."""
        if not self._literals:
            return text

        def named(match: re.Match[str]) -> str:
            kind = self._literals[match[0]]
            counts[kind] += 1
            return self.of(kind, match[0])

        values = "|".join(re.escape(value) for value in sorted(self._literals, key=lambda v: (-len(v), v)))
        return re.sub(rf"(?<![A-Za-z0-9])(?:{values})(?![A-Za-z0-9])", named, text)


def _asked(roles: list[str], texts: list[str], place: int) -> str:
    """What the other side said just before."""
    end = place
    while end and roles[end - 1] == roles[place]:
        end -= 1
    start = end
    while start and roles[start - 1] == roles[end - 1]:
        start -= 1
    return "\n".join(texts[start:end])


def _replaced(frame: pl.DataFrame, places: list[int], messages: list[list[dict[str, Any]]]) -> pl.DataFrame:
    changed = frame[places].with_columns(messages=pl.Series(messages, dtype=SCHEMA["messages"]))
    rest = frame.with_row_index("place").filter(~pl.col("place").is_in(places))
    index = pl.Series("place", places, dtype=pl.UInt32)
    return pl.concat([rest, changed.insert_column(0, index)]).sort("place").drop("place")


def _noted(notes: list[dict[str, Any]]) -> pl.DataFrame:
    columns = {name: EVENTS[name] for name in ("id", "reason", "score")}
    return events_of(pl.DataFrame(notes, schema=columns), "mask", "fixed")
