"""Identity rows: who are you, who made you, are you ChatGPT, and the small talk that keeps the name in its place."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, TypeVar

import polars as pl
from pydantic import Field

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import NewRecord, Wish, draw
from curate.augmenters.kit import LANGUAGES, Lang, kit, kit_digest
from curate.stages import Tools
from schemas.digest import digest
from schemas.errors import GateError
from schemas.identity import Names
from schemas.placeholders import placeholders
from schemas.tags import ASKS, NEGATIVE, RIVAL, TRAP

Choice = TypeVar("Choice")


class IdentityKit(Augmenter):
    """Variants of identity questions from the written kit, the languages in turn, Chinese names in Chinese answers.

    `rows` counts questions about name and author, `traps` questions that push another identity, `negatives` small
    talk answered without the name. All come by keyed hash: more rows keep the ones that were there. A row near a
    question of the exam's papers is dropped (`exam_paper`), and another takes its place while the kit has one.
    """

    title_zh: ClassVar[str] = "由模板生成身份问答、陷阱题和反例"

    rows: int = Field(160, ge=0)
    traps: int = Field(48, ge=0)
    negatives: int = Field(40, ge=0)
    multi_turn: float = Field(0.1, ge=0, le=1)
    """The share of identity questions that come after a turn of small talk."""

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        names_in = {lang: names for lang in LANGUAGES if (names := getattr(tools.identity, lang)) is not None}
        if not names_in:
            raise GateError(
                "identity: the recipe names no assistant; add `identity: {zh: {name: …, author: …}}`, "
                "or a list of `stages:` without identity",
                "identity：配方里没有助手的名字；请添加 `identity: {zh: {name: …, author: …}}`，"
                "或写一份不含 identity 的 `stages:`",
            )

        seed = tools.seed
        wishes = [
            Wish("rows", self.rows, [list(self._questions(lang, names, seed)) for lang, names in names_in.items()]),
            Wish("traps", self.traps, [list(_traps(lang, names, seed)) for lang, names in names_in.items()]),
            Wish("negatives", self.negatives, [list(_negatives(lang)) for lang in names_in]),
        ]
        written = draw("identity", wishes, tools.identity)
        for record in written.rows.iter_rows(named=True):
            _check(record)
        return written

    def _questions(self, lang: Lang, names: Names, seed: int) -> Iterator[NewRecord]:
        """Write every core question once, in the order of its hash, then every one in its first wrapper, and so on."""
        texts = kit(lang)
        cores = sorted(
            ((asks, core) for asks, questions in texts.questions.items() for core in questions),
            key=lambda item: digest(seed, "identity", *item),
        )
        for wrapper in ("{q}", *texts.wrappers):
            for asks, core in cores:
                question = wrapper.format(q=core)
                answer = _choose(texts.answers[asks], seed, question).format(name=names.name, author=names.author)
                before = _small_talk(lang, seed, question) if _is_among(seed, question, self.multi_turn) else []
                slots = ("name", "author") if asks == "both" else (asks,)
                yield _record(lang, [*before, question, answer], core, [f"{ASKS}{slot}" for slot in slots])


def _traps(lang: Lang, names: Names, seed: int) -> Iterator[NewRecord]:
    """Write every trap with its first rival by hash, then every one with its second, and so on."""
    texts = kit(lang)
    traps = sorted(texts.traps, key=lambda trap: digest(seed, "trap", trap))
    for rank in range(len(texts.rivals)):
        for trap in traps:
            rival, maker = sorted(texts.rivals, key=lambda pair: digest(seed, "rival", trap, pair))[rank]
            question = trap.format(rival=rival, maker=maker)
            denied = rival if "{rival}" in trap else maker
            denial = _choose(texts.denials, seed, question)
            answer = denial.format(rival=denied, name=names.name, author=names.author)
            yield _record(lang, [question, answer], trap, [f"{ASKS}name", TRAP, f"{RIVAL}{rival}"])


def _negatives(lang: Lang) -> Iterator[NewRecord]:
    """Write the small talk, whose answers do not say the name."""
    for question, answer in kit(lang).negatives:
        yield _record(lang, [question, answer], question, [NEGATIVE])


def _small_talk(lang: Lang, seed: int, question: str) -> list[str]:
    """Choose a turn of small talk to come before the question."""
    return list(_choose(kit(lang).negatives, seed, question))


def _is_among(seed: int, question: str, share: float) -> bool:
    """Tell whether a question is among the share, by its hash alone.

    Eight hexadecimal digits are a uniform number below 16^8: it lies below share × 16^8 with probability `share`.
    """
    return int(digest(seed, "multi_turn", question)[:8], 16) < share * 16**8


def _choose(choices: Sequence[Choice], seed: int, key: str) -> Choice:
    """Choose one by the hash of `key`: the same key, the same choice."""
    return choices[int(digest(seed, "choice", key)[:8], 16) % len(choices)]


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
