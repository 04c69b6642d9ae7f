"""Identity rows: who are you, who made you, are you ChatGPT, and the small talk that keeps the name in its place."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Any, ClassVar, TypeVar

import polars as pl
from pydantic import Field

from curate.augmenters import Augmenter
from curate.augmenters.kit import LANGUAGES, Lang, kit, kit_digest
from curate.stages import Tools
from schemas.digest import digest
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Names
from schemas.placeholders import placeholders

Row = dict[str, Any]
Choice = TypeVar("Choice")


class IdentityKit(Augmenter):
    """Variants of identity questions from the written kit, the languages in turn, Chinese names in Chinese answers.

    `rows` counts questions about name and author, `traps` questions that push another identity, `negatives` small
    talk answered without the name. All come by keyed hash: more rows keep the ones that were there.
    """

    title_zh: ClassVar[str] = "由模板生成身份问答、陷阱题和反例"

    rows: int = Field(160, ge=0)
    traps: int = Field(48, ge=0)
    negatives: int = Field(40, ge=0)
    multi_turn: float = Field(0.1, ge=0, le=1)
    """The share of identity questions that come after a turn of small talk."""

    def add(self, frame: pl.DataFrame, tools: Tools) -> pl.DataFrame:
        named = {lang: names for lang in LANGUAGES if (names := getattr(tools.identity, lang)) is not None}
        if not named:
            raise GateError(
                "identity: the recipe names no assistant; add `identity: {zh: {name: …, author: …}}`, "
                "or a list of `stages:` without identity",
                "identity：配方里没有助手的名字；请添加 `identity: {zh: {name: …, author: …}}`，"
                "或写一份不含 identity 的 `stages:`",
            )
        made = [
            *self._take("rows", {lang: self._questions(lang, names, tools.seed) for lang, names in named.items()}),
            *self._take("traps", {lang: _traps(lang, names, tools.seed) for lang, names in named.items()}),
            *self._take("negatives", {lang: _negatives(lang) for lang in named}),
        ]
        return frame_of([_checked(row) for row in made])

    def _take(self, what: str, by_language: dict[Lang, Iterable[Row]]) -> list[Row]:
        """The wanted number, the languages in turn. GateError when the kit has fewer."""
        wanted = getattr(self, what)
        turns = (row for row in chain.from_iterable(zip_longest(*by_language.values())) if row is not None)
        taken = list(islice(turns, wanted))
        if len(taken) < wanted:
            raise GateError(
                f"identity: {wanted} {what} are wanted, the kit gives {len(taken)}: {wanted - len(taken)} are missing",
                f"identity：{what} 要 {wanted} 条，模板只能给 {len(taken)} 条，还差 {wanted - len(taken)} 条",
            )
        return taken

    def _questions(self, lang: Lang, names: Names, seed: int) -> Iterator[Row]:
        """Every core question once, in the order of its hash, then every one in its first wrapper, and so on."""
        book = kit(lang)
        cores = sorted(
            ((asks, core) for asks, some in book.questions.items() for core in some),
            key=lambda item: digest(seed, "identity", *item),
        )
        for wrapper in ("{q}", *book.wrappers):
            for asks, core in cores:
                question = wrapper.format(q=core)
                answer = _one_of(book.answers[asks], seed, question).format(name=names.name, author=names.author)
                before = _small_talk(lang, seed, question) if _falls(seed, question, self.multi_turn) else []
                slots = ("name", "author") if asks == "both" else (asks,)
                yield _row(lang, [*before, question, answer], core, [f"asks:{slot}" for slot in slots])


def _traps(lang: Lang, names: Names, seed: int) -> Iterator[Row]:
    """Every trap with its first rival by hash, then every one with its second, and so on."""
    book = kit(lang)
    traps = sorted(book.traps, key=lambda trap: digest(seed, "trap", trap))
    for turn in range(len(book.rivals)):
        for trap in traps:
            rival, maker = sorted(book.rivals, key=lambda pair: digest(seed, "rival", trap, pair))[turn]
            question = trap.format(rival=rival, maker=maker)
            denied = rival if "{rival}" in trap else maker
            denial = _one_of(book.denials, seed, question)
            answer = denial.format(rival=denied, name=names.name, author=names.author)
            yield _row(lang, [question, answer], trap, ["asks:name", "trap", f"rival:{rival}"])


def _negatives(lang: Lang) -> Iterator[Row]:
    for question, answer in kit(lang).negatives:
        yield _row(lang, [question, answer], question, ["negative"])


def _small_talk(lang: Lang, seed: int, question: str) -> list[str]:
    """A turn of small talk to come before the question."""
    return list(_one_of(kit(lang).negatives, seed, question))


def _falls(seed: int, question: str, share: float) -> bool:
    """Whether a question is among the share, by its hash alone."""
    return int(digest(seed, "multi_turn", question)[:8], 16) < share * 16**8


def _one_of(choices: Sequence[Choice], seed: int, key: str) -> Choice:
    return choices[int(digest(seed, "choice", key)[:8], 16) % len(choices)]


def _row(lang: Lang, said: list[str], core: str, tags: list[str]) -> Row:
    """A record of alternating turns; all wordings of one core question share a group."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(said)]
    return {
        "id": digest("record", "identity", said),
        "messages": messages,
        "kind": "identity",
        "lang": lang,
        "source": {"file": "identity", "digest": kit_digest(), "rows": []},
        "parent": None,
        "group": digest("identity", core),
        "tags": tags,
    }


def _checked(row: Row) -> Row:
    """Raises GateError when a placeholder is left: the model would learn to say it."""
    if any(placeholders(message["content"]) for message in row["messages"]):
        raise GateError(
            f"identity: a placeholder is left in record {row['id']}", f"identity：记录 {row['id']} 中残留占位符"
        )
    return row
