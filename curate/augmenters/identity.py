"""Identity rows: who are you, who made you, are you ChatGPT, and the talk that keeps the name in its place."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product, zip_longest
from typing import ClassVar, NamedTuple

import polars as pl
from pydantic import Field, field_validator

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import (
    NewRecord,
    Numbers,
    Wish,
    business_rows,
    choose,
    draw,
    fraction,
    in_proportion,
    per_language,
)
from curate.augmenters.kit import LANGUAGES, Family, Kit, Lang, kit, kit_digest
from curate.augmenters.kit.slots import filled, in_tone, named_slots, slots_of
from curate.stages import Tools
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.errors import GateError
from schemas.identity import Identity, Names
from schemas.introductions.claims import says
from schemas.placeholders import placeholders
from schemas.suggestions import suggestion
from schemas.tags import ASKS, NEGATIVE, RIVAL, TRAP

OF_RIVALS = frozenset({"rival", "maker"})


class IdentityKit(Augmenter):
    """Rows of the written kit about who the assistant is; Chinese names in Chinese answers.

    `rows` counts questions about the assistant, `traps` those that push another identity, `negatives` questions that
    are answered without its name, half of them about names, makers and other assistants. Each is a number in all, or
    one per language (`{zh: 100, en: 60}`); the languages share a number evenly, or with `matched` as the business rows
    are shared. All come by keyed hash, from all families in their proportion: more rows keep the ones that were there.
    A row near a question of the exam's papers is dropped (`exam_paper`), and another takes its place while the kit has
    one.
    """

    title_zh: ClassVar[str] = "由模板生成身份问答、陷阱题和反例"

    rows: Numbers = 160
    traps: Numbers = 48
    negatives: Numbers = 120
    matched: bool = False
    """Whether the languages share a number as the business rows are shared, and not evenly."""
    families: tuple[str, ...] = ()
    """The families of questions and traps to write; all of them where none is named."""
    multi_turn: float = Field(0.1, ge=0, le=1)
    """The share of identity questions that come after a turn of small talk."""
    system: float = Field(0.1, ge=0, le=1)
    """The share of identity questions that come under a system prompt."""

    @field_validator("families")
    @classmethod
    def _are_known(cls, families: tuple[str, ...]) -> tuple[str, ...]:
        known = tuple(sorted({name for lang in LANGUAGES for name in kit(lang).families}))
        for name in families:
            if name not in known:
                hint = suggestion(name, known)
                raise ValueError(Bilingual(f"no family '{name}'; {hint.en}", f"没有问题类“{name}”；{hint.zh}"))
        return families

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        texts = kit_texts(tools.identity, tools.seed, self)
        if not texts:
            raise GateError(
                "identity: the recipe names no assistant; add `identity: {zh: {name: …, author: …}}`, "
                "or a list of `stages:` without identity",
                "identity：配方里没有助手的名字；请添加 `identity: {zh: {name: …, author: …}}`，"
                "或写一份不含 identity 的 `stages:`",
            )

        business = business_rows(frame) if self.matched else None
        wanted = {
            setting: per_language(getattr(self, setting), [text.lang for text in texts], business)
            for setting in ("rows", "traps", "negatives")
        }
        wishes = [
            Wish(setting, text.lang, wanted[setting][text.lang], getattr(text, setting)())
            for setting in wanted
            for text in texts
        ]
        written = draw("identity", wishes, tools.identity)
        for record in written.rows.iter_rows(named=True):
            _check(record)
        return written


def kit_texts(identity: Identity, seed: int, settings: IdentityKit) -> list["KitTexts"]:
    """Take what the kit has to say in each language that the recipe has names in."""
    names_in = {lang: names for lang in LANGUAGES if (names := getattr(identity, lang)) is not None}
    return [
        KitTexts(lang, names, rivals_of(lang, identity), seed, settings, kit(lang)) for lang, names in names_in.items()
    ]


def rivals_of(lang: Lang, identity: Identity) -> list[tuple[str, str]]:
    """List the rivals that traps name, with their makers: those of the recipe that have one, or those of the kit."""
    makers = {**dict(kit(lang).rivals), **identity.makers}
    own = [(name, makers[name]) for name in identity.rivals if name in identity.makers]
    return own or list(kit(lang).rivals)


class KitTexts(NamedTuple):
    """What the kit has to say in one language with the names and the persona of a recipe."""

    lang: Lang
    names: Names
    rivals: Sequence[tuple[str, str]]
    seed: int
    settings: IdentityKit
    kit: Kit

    def families(self, *, trap: bool) -> dict[str, Family]:
        """Take the families that the settings want."""
        wanted = self.settings.families or tuple(self.kit.families)
        return {key: self.kit.families[key] for key in wanted
                if key in self.kit.families and self.kit.families[key].trap is trap}  # fmt: skip

    def rows(self) -> Iterator[NewRecord]:
        """Write every question once, in its order, then every one in its first wrapper, and so on."""
        asked = [
            (key, turns, slots)
            for key, turns in self._ordered(trap=False, label="identity")
            if (slots := self._slots(turns)) is not None
        ]
        for wrapper in ("{q}", *self.kit.wrappers):
            for key, turns, slots in asked:
                family = self.kit.families[key]
                if wrapper == "{q}" or (family.wrap and len(turns) == 1):
                    question = wrapper.replace("{q}", filled(turns[-1], slots))
                    yield self._row(key, turns, question, slots)

    def traps(self) -> Iterator[NewRecord]:
        """Write every trap with its first rival by hash, then every one with its second, and so on."""
        traps = list(self._ordered(trap=True, label="trap"))
        for rank, (key, turns) in product(range(len(self.rivals)), traps):
            order = sorted(self.rivals, key=lambda pair: digest(self.seed, "rival", turns, pair))
            rival, maker = order[rank]
            slots = self._slots(turns, rival=rival, maker=maker)
            if slots is not None:
                yield self._row(key, turns, filled(turns[-1], slots), slots, [TRAP, f"{RIVAL}{rival}"])

    def negatives(self) -> Iterator[NewRecord]:
        """Write what is answered without the name: by turns about the same subject and about anything."""
        slots = named_slots(self.lang, self.names)
        ours = (self.names.name, self.names.author, *self.names.aliases)
        halves = [
            [pair for pair in half if not _holds(pair[1], ours)] for half in (self.kit.same_subject, self.kit.generic)
        ]
        ordered = [sorted(half, key=lambda pair: digest(self.seed, "negative", pair)) for half in halves]
        for question, answer in filter(None, chain.from_iterable(zip_longest(*ordered))):
            asked = filled(question, slots)
            yield _record(self.lang, [asked, in_tone(self.lang, answer, self.names)], question, [NEGATIVE])

    def _ordered(self, *, trap: bool, label: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Order the questions of the families, each as its turns.

        Those that hold a name of ours by chance are left out: 你是小汪吧 asks 小汪 something else.
        """
        ours = (self.names.name, self.names.author, *self.names.aliases)
        families = {
            key: [turns for turns in map(turns_of, family.questions) if not _holds(" ".join(turns), ours)]
            for key, family in self.families(trap=trap).items()
        }
        return in_proportion(families, label, self.seed, lambda key, turns: digest(self.seed, label, key, turns))

    def _slots(self, turns: Sequence[str], **rival: str) -> dict[str, str] | None:
        """Gather what fills the slots of a question and of its answers; None where the recipe has nothing for one."""
        slots = {**named_slots(self.lang, self.names), **rival}
        if self.names.aliases:
            slots["alias"] = choose(self.names.aliases, self.seed, "choice", turns[-1])
        return slots if slots_of(turns) <= slots.keys() else None

    def _row(
        self, key: str, turns: Sequence[str], question: str, slots: Mapping[str, str], tags: Sequence[str] = ()
    ) -> NewRecord:
        family, seed = self.kit.families[key], self.seed
        template = choose(usable(family, slots, slots_of(turns)), seed, "choice", question)
        answer = in_tone(self.lang, filled(template, slots), self.names)
        before = [filled(turn, slots) for turn in turns[:-1]]
        if not before and not tags and fraction(seed, "multi_turn", question) < self.settings.multi_turn:
            before = [filled(turn, slots) for turn in choose(self.kit.generic, seed, "choice", question)]
        is_under = self.kit.systems and not tags and fraction(seed, "system", question) < self.settings.system
        record = _record(self.lang, [*before, question, answer], turns[-1], [*_asks(family), *tags])
        if is_under and (system := self._system(question, slots)):
            record["messages"].insert(0, {"role": "system", "content": system})
            record["id"] = digest("record", "identity", record["messages"])
        return record

    def _system(self, question: str, slots: Mapping[str, str]) -> str:
        """Choose a system prompt of which all slots have values."""
        fitting = [system for system in self.kit.systems if slots_of([system]) <= slots.keys()]
        return filled(choose(fitting, self.seed, "choice", question), slots) if fitting else ""


def turns_of(question: str | tuple[str, ...]) -> tuple[str, ...]:
    """Take a question as the turns of a conversation."""
    return (question,) if isinstance(question, str) else question


def _holds(text: str, names: Sequence[str]) -> bool:
    """Tell whether a text of the kit holds one of these names: it was written with somebody else in mind."""
    return any(says(text, name) for name in names)


def usable(family: Family, slots: Mapping[str, str], asked: frozenset[str]) -> list[str]:
    """List the answers of a family that can be given: those that say what the persona adds, where there are any.

    An answer names a rival or its maker only where the question does, so that it denies what was asked.
    """
    fitting = [
        answer
        for answer in family.answers
        if (of := slots_of([answer])) <= slots.keys() and of & OF_RIVALS <= asked & OF_RIVALS
    ]
    richer = [answer for answer in fitting if slots_of([answer]) - {"name", "author"} - OF_RIVALS]
    return richer or fitting


def _asks(family: Family) -> list[str]:
    slots = {"both": ("name", "author"), "none": ()}.get(family.asks, (family.asks,))
    return [f"{ASKS}{slot}" for slot in slots]


def _record(lang: Lang, turns: list[str], core: str, tags: list[str]) -> NewRecord:
    """Write a record of alternating turns; all wordings of one core question share a group."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
    return {
        "id": digest("record", "identity", turns),
        "messages": messages,
        "kind": "identity",
        "lang": lang,
        "source": {"file": "identity", "digest": kit_digest(), "rows": []},
        "parent": None,
        "group": digest("identity", core),
        "tags": tags,
    }


def _check(record: NewRecord) -> None:
    """Check that no placeholder is left: the model would learn to say it. GateError otherwise."""
    if any(placeholders(message["content"]) for message in record["messages"]):
        raise GateError(
            f"identity: a placeholder is left in record {record['id']}", f"identity：记录 {record['id']} 中残留占位符"
        )
