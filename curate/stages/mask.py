"""Masks personal data: one value keeps one pseudonym inside a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress
from typing import ClassVar, Literal, Self

import polars as pl
from pydantic import Field, field_validator, model_validator

from curate.conversations.messages import replace_messages
from curate.privacy.pseudonyms import Mode, Pseudonyms, is_spared, key_in, spared_names
from curate.privacy.release_gate import Gate
from curate.stages import Outcome, Stage, Tools
from rules.personal import KINDS, Found, find_all, gated
from schemas.bilingual import Words
from schemas.identity import Identity
from schemas.ledger import EVENTS, events_of
from schemas.recipe import Recipe
from schemas.suggestions import meant


class Mask(Stage):
    """Personal data is replaced by its kind and a number: `[手机号1]`, `[PHONE1]`.

    `labels` are Chinese in Chinese records and English in all others, unless it says `zh` or `en`. `replace` names
    kinds that get a `fake` of the same shape, or a `hash` under the key in the environment variable `key`.
    """

    title_zh: ClassVar[str] = "把个人信息替换成类别加编号"
    by_record: ClassVar[bool] = True

    kinds: tuple[str, ...] = KINDS.names()
    labels: Literal["auto", "zh", "en"] = "auto"
    replace: Mapping[str, Mode] = Field(default_factory=dict)
    key: str = Field("", pattern=r"^[A-Za-z_]*[A-Za-z0-9_]*$")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        unknown = ", ".join(kind for kind in kinds if kind not in KINDS.names())
        if unknown:
            known = ", ".join(KINDS.names())
            raise ValueError(Words(f"unknown kind {unknown}; known: {known}", f"未知类别 {unknown}；可用：{known}"))
        return kinds

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for kind in self.replace:
            if kind not in self.kinds:
                hint = meant(kind, self.kinds)
                raise ValueError(
                    Words(
                        f"replace: '{kind}' is not among the kinds that are masked; {hint.en}",
                        f"replace：“{kind}”不在要替换的类别中；{hint.zh}",
                    )
                )
        if "hash" in self.replace.values() and not self.key:
            raise ValueError(
                Words(
                    "replace: 'hash' needs 'key', the name of the environment variable that holds the key",
                    "replace：hash 需要 key，即存放密钥的环境变量名",
                )
            )
        return self

    def gate(self, identity: Identity) -> Gate:
        """What the release gate looks for behind this stage."""
        faked = tuple(sorted(kind for kind, mode in self.replace.items() if mode == "fake"))
        return Gate(self.kinds, faked, spared_names(identity))

    def secret(self) -> bytes:
        """The key for hashes, empty where none is needed. Raises InputError when it is missing."""
        return key_in(self.key) if "hash" in self.replace.values() else b""

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        key = self.secret()
        talks = self._doubtful(frame)
        self._clear(talks, spared_names(tools.identity))
        changed = [talk for talk in talks if talk.counts]
        if not changed:
            return Outcome(frame)
        messages = [talk.messages(self.replace, key) for talk in changed]
        return Outcome(_replaced(frame, [talk.place for talk in changed], messages), _noted(changed))

    def _doubtful(self, frame: pl.DataFrame) -> list["_Talk"]:
        """The records that may hold personal data, in order, with the turns in question."""
        contents = frame["messages"].explode().struct.field("content")
        lengths = frame["messages"].list.len()
        ends = lengths.clip(lower_bound=1).cum_sum()
        turns = gated(contents, self.kinds).arg_true()
        owners = ends.search_sorted(turns, side="right")
        places = owners.unique(maintain_order=True)
        said = frame["messages"].gather(places).explode()
        roles, texts = said.struct.field("role").to_list(), said.struct.field("content").to_list()
        talks: dict[int, _Talk] = {}
        start = 0
        about = [column.gather(places).to_list() for column in (frame["id"], frame["lang"], lengths)]
        for place, id, lang, length in zip(places.to_list(), *about, strict=True):
            chinese = self.labels == "zh" or (self.labels == "auto" and lang == "zh")
            stop = start + length
            talks[place] = _Talk(place, id, roles[start:stop], texts[start:stop], chinese)
            start = stop
        starts = (ends.gather(owners) - lengths.gather(owners)).to_list()
        for turn, owner, start in zip(turns.to_list(), owners.to_list(), starts, strict=True):
            talks[owner].doubtful.append(turn - start)
        return list(talks.values())

    def _clear(self, talks: list["_Talk"], spared: frozenset[str]) -> None:
        """Masks in rounds: what was replaced may uncover its neighbour, so a text that changed is read again."""
        waiting = [(talk, turn) for talk in talks for turn in talk.doubtful]
        while waiting:
            texts = pl.Series([talk.texts[turn] for talk, turn in waiting], dtype=pl.String)
            asked = [talk.asked(turn) for talk, turn in waiting]
            found = find_all(texts, self.kinds, pl.Series(asked, dtype=pl.String))
            touched: dict[int, _Talk] = {}
            before: dict[int, list[str]] = {}
            for (talk, turn), finds in zip(waiting, found, strict=True):
                if finds:
                    before.setdefault(talk.place, list(talk.texts))
                    if talk.mask(turn, finds, spared):
                        touched[talk.place] = talk
            spread = [(talk, turn) for place, talk in touched.items() for turn in talk.spread(before[place])]
            waiting = self._gated(spread)

    def _gated(self, turns: list[tuple["_Talk", int]]) -> list[tuple["_Talk", int]]:
        passed = gated(pl.Series([talk.texts[turn] for talk, turn in turns], dtype=pl.String), self.kinds)
        return list(compress(turns, passed.to_list()))


@dataclass
class _Talk:
    """One conversation that is being masked. `counts` are the finds by kind."""

    place: int
    id: str
    roles: list[str]
    texts: list[str]
    chinese: bool
    doubtful: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    names: Pseudonyms | None = None

    def asked(self, turn: int) -> str:
        return asked_before(self.roles, self.texts, turn)

    def mask(self, turn: int, finds: list[Found], spared: frozenset[str]) -> bool:
        """Masks one turn; whether there was anything to mask."""
        text = self.texts[turn]
        finds = [found for found in finds if not is_spared(found, text, spared)]
        if not finds:
            return False
        self.names = self.names or Pseudonyms(self.texts, self.chinese)
        pieces, last = [], 0
        for start, end, kind in finds:
            pieces += [text[last:start], self.names.of(kind, text[start:end])]
            last = end
            self.counts[kind] = self.counts.get(kind, 0) + 1
        self.texts[turn] = "".join([*pieces, text[last:]])
        return True

    def spread(self, before: list[str]) -> list[int]:
        """Masks what is known by now in every turn, and gives the turns that differ from before."""
        if self.names:
            self.texts = [self.names.known(text, self.counts) for text in self.texts]
        return [turn for turn, text in enumerate(self.texts) if text != before[turn]]

    def messages(self, modes: Mapping[str, Mode], key: bytes) -> list[dict[str, str]]:
        texts = self.names.replaced(self.texts, modes, self.id, key) if self.names else self.texts
        return [{"role": role, "content": text} for role, text in zip(self.roles, texts, strict=True)]


def asked_before(roles: list[str], texts: list[str], place: int) -> str:
    """What the other side said just before."""
    end = place
    while end and roles[end - 1] == roles[place]:
        end -= 1
    start = end
    while start and roles[start - 1] == roles[end - 1]:
        start -= 1
    return "\n".join(texts[start:end])


def _replaced(frame: pl.DataFrame, places: list[int], messages: list[list[dict[str, str]]]) -> pl.DataFrame:
    flat = pl.DataFrame(
        {
            "place": [place for place, turns in enumerate(messages) for _ in turns],
            "role": [turn["role"] for turns in messages for turn in turns],
            "content": [turn["content"] for turns in messages for turn in turns],
        }
    )
    changed = flat.group_by("place", maintain_order=True).agg(messages=pl.struct("role", "content"))["messages"]
    return replace_messages(frame, pl.Series(places, dtype=pl.UInt32), changed)


def _noted(talks: list[_Talk]) -> pl.DataFrame:
    notes = [(talk.id, kind, number) for talk in talks for kind, number in sorted(talk.counts.items())]
    columns = {name: EVENTS[name] for name in ("id", "reason", "score")}
    return events_of(pl.DataFrame(notes, schema=columns, orient="row"), "mask", "fixed")


def gate_of(recipe: Recipe, identity: Identity) -> Gate:
    """What may not leave: the kinds that the recipe masks, or all kinds where it masks none."""
    masks = (Mask.model_validate(dict(choice.options)) for choice in recipe.stages if choice.name == "mask")
    return next((mask.gate(identity) for mask in masks), Gate(spared=spared_names(identity)))
