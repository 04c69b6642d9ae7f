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
from rules.personal import KINDS, PersonalSpan, find_all, gated
from schemas.bilingual import Bilingual
from schemas.identity import Identity
from schemas.ledger import EVENTS, events_of
from schemas.recipe import Recipe
from schemas.suggestions import suggestion


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
            names = ", ".join(KINDS.names())
            raise ValueError(Bilingual(f"unknown kind {unknown}; known: {names}", f"未知类别 {unknown}；可用：{names}"))
        return kinds

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for kind in self.replace:
            if kind not in self.kinds:
                hint = suggestion(kind, self.kinds)
                raise ValueError(
                    Bilingual(
                        f"replace: '{kind}' is not among the kinds that are masked; {hint.en}",
                        f"replace：“{kind}”不在要替换的类别中；{hint.zh}",
                    )
                )
        if "hash" in self.replace.values() and not self.key:
            raise ValueError(
                Bilingual(
                    "replace: 'hash' needs 'key', the name of the environment variable that holds the key",
                    "replace：hash 需要 key，即存放密钥的环境变量名",
                )
            )
        return self

    def gate(self, identity: Identity) -> Gate:
        """Say what the release gate looks for behind this stage."""
        faked = tuple(sorted(kind for kind, mode in self.replace.items() if mode == "fake"))
        return Gate(self.kinds, faked, spared_names(identity))

    def secret(self) -> bytes:
        """Read the key for hashes, empty where none is needed. Raises InputError when it is missing."""
        return key_in(self.key) if "hash" in self.replace.values() else b""

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        key = self.secret()
        conversations = self._doubtful(frame)
        self._mask_all(conversations, spared_names(tools.identity))

        changed = [conversation for conversation in conversations if conversation.counts]
        if not changed:
            return Outcome(frame)
        messages = [conversation.messages(self.replace, key) for conversation in changed]
        return Outcome(_replaced(frame, [conversation.row for conversation in changed], messages), _notes(changed))

    def _doubtful(self, frame: pl.DataFrame) -> list["_Conversation"]:
        """Select the records that may hold personal data, in order, with the turns in question."""
        # All messages of all records stand in one column. `ends` leads from its indices back to the records: record r
        # has the messages from ends[r] - lengths[r] up to ends[r]. A record without messages takes one row, a null.
        contents = frame["messages"].explode().struct.field("content")
        lengths = frame["messages"].list.len()
        ends = lengths.clip(lower_bound=1).cum_sum()
        turns = gated(contents, self.kinds).arg_true()
        owners = ends.search_sorted(turns, side="right")

        conversations = self._conversations(frame, owners.unique(maintain_order=True))
        starts = (ends.gather(owners) - lengths.gather(owners)).to_list()
        for turn, owner, start in zip(turns.to_list(), owners.to_list(), starts, strict=True):
            conversations[owner].doubtful.append(turn - start)
        return list(conversations.values())

    def _conversations(self, frame: pl.DataFrame, rows: pl.Series) -> dict[int, "_Conversation"]:
        """Read the conversations in these rows of the frame, by row."""
        chosen = frame.select("id", "lang", length=pl.col("messages").list.len())[rows.to_list()]
        messages = frame["messages"].gather(rows).explode()
        roles, texts = messages.struct.field("role").to_list(), messages.struct.field("content").to_list()
        conversations: dict[int, _Conversation] = {}
        start = 0
        for row, (id, lang, length) in zip(rows.to_list(), chosen.iter_rows(), strict=True):
            chinese = self.labels == "zh" or (self.labels == "auto" and lang == "zh")
            stop = start + length
            conversations[row] = _Conversation(row, id, roles[start:stop], texts[start:stop], chinese)
            start = stop
        return conversations

    def _mask_all(self, conversations: list["_Conversation"], spared: frozenset[str]) -> None:
        """Mask in rounds: what was replaced may uncover its neighbour, so a text that changed is read again."""
        waiting = [(conversation, turn) for conversation in conversations for turn in conversation.doubtful]
        while waiting:
            texts = pl.Series([conversation.texts[turn] for conversation, turn in waiting], dtype=pl.String)
            questions = [question_before(talk.roles, talk.texts, turn) for talk, turn in waiting]
            found = find_all(texts, self.kinds, pl.Series(questions, dtype=pl.String))

            touched: dict[int, _Conversation] = {}
            before: dict[int, list[str]] = {}
            for (conversation, turn), spans in zip(waiting, found, strict=True):
                if spans:
                    before.setdefault(conversation.row, list(conversation.texts))
                    if conversation.mask(turn, spans, spared):
                        touched[conversation.row] = conversation
            waiting = self._gated([(talk, turn) for row, talk in touched.items() for turn in talk.spread(before[row])])

    def _gated(self, turns: list[tuple["_Conversation", int]]) -> list[tuple["_Conversation", int]]:
        texts = pl.Series([conversation.texts[turn] for conversation, turn in turns], dtype=pl.String)
        return list(compress(turns, gated(texts, self.kinds).to_list()))


@dataclass
class _Conversation:
    """A record that is being masked: `row` is where it stands in its frame, `counts` are the finds by kind."""

    row: int
    id: str
    roles: list[str]
    texts: list[str]
    chinese: bool
    doubtful: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    names: Pseudonyms | None = None

    def mask(self, turn: int, spans: list[PersonalSpan], spared: frozenset[str]) -> bool:
        """Mask one turn, and tell whether there was anything to mask."""
        text = self.texts[turn]
        spans = [span for span in spans if not is_spared(span, text, spared)]
        if not spans:
            return False
        self.names = self.names or Pseudonyms(self.texts, self.chinese)
        masked, last = [], 0
        for start, end, kind in spans:
            masked += [text[last:start], self.names.of(kind, text[start:end])]
            last = end
            self.counts[kind] = self.counts.get(kind, 0) + 1
        self.texts[turn] = "".join([*masked, text[last:]])
        return True

    def spread(self, before: list[str]) -> list[int]:
        """Mask in every turn what is known from any of them, and return the turns that differ from before."""
        if self.names:
            self.texts = [self.names.replace_known(text, self.counts) for text in self.texts]
        return [turn for turn, text in enumerate(self.texts) if text != before[turn]]

    def messages(self, modes: Mapping[str, Mode], key: bytes) -> list[dict[str, str]]:
        """Return the masked messages, with fakes and hashes where the recipe wants them."""
        texts = self.names.apply_modes(self.texts, modes, self.id, key) if self.names else self.texts
        return [{"role": role, "content": text} for role, text in zip(self.roles, texts, strict=True)]


def question_before(roles: list[str], texts: list[str], turn: int) -> str:
    """Find what the other side wrote just before the side of this turn began."""
    end = turn
    while end and roles[end - 1] == roles[turn]:
        end -= 1
    start = end
    while start and roles[start - 1] == roles[end - 1]:
        start -= 1
    return "\n".join(texts[start:end])


def _replaced(frame: pl.DataFrame, rows: list[int], messages: list[list[dict[str, str]]]) -> pl.DataFrame:
    flat = pl.DataFrame(
        {
            "conversation": [index for index, turns in enumerate(messages) for _ in turns],
            "role": [turn["role"] for turns in messages for turn in turns],
            "content": [turn["content"] for turns in messages for turn in turns],
        }
    )
    grouped = flat.group_by("conversation", maintain_order=True).agg(messages=pl.struct("role", "content"))
    return replace_messages(frame, pl.Series(rows, dtype=pl.UInt32), grouped["messages"])


def _notes(conversations: list[_Conversation]) -> pl.DataFrame:
    """Note in the ledger how many values of each kind were masked, record by record."""
    notes = [(talk.id, kind, number) for talk in conversations for kind, number in sorted(talk.counts.items())]
    columns = {name: EVENTS[name] for name in ("id", "reason", "score")}
    return events_of(pl.DataFrame(notes, schema=columns, orient="row"), "mask", "fixed")


def gate_of(recipe: Recipe, identity: Identity) -> Gate:
    """Say what may not leave: the kinds that the recipe masks, or all kinds where it masks none."""
    masks = (Mask.model_validate(dict(choice.options)) for choice in recipe.stages if choice.name == "mask")
    return next((mask.gate(identity) for mask in masks), Gate(spared=spared_names(identity)))
