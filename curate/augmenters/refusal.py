"""Refusals: what a customer-service assistant should politely decline, with what it can do instead."""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import NewRecord, Numbers, Wish, business_rows, draw, per_language
from curate.augmenters.kit import LANGUAGES, Lang, kit, kit_digest
from curate.augmenters.kit.slots import filled, in_tone, refusal_slots, slots_of
from curate.stages import Tools
from schemas.digest import digest
from schemas.identity import Identity
from schemas.tags import ANSWERED


class Refusal(Augmenter):
    """Out-of-scope questions of the written kit with a refusal that fits, and look-alikes that are answered.

    `rows` counts the refusals, from all kinds in their proportion, `look_alikes` benign questions that sound like them
    and get an answer: in all, or per language; shared evenly, or with `matched` as the business rows are shared. Chosen
    by keyed hash. A question near one of the exam's papers is dropped (`exam_paper`), and another takes its place while
    there is one.
    """

    title_zh: ClassVar[str] = "由模板生成超范围问题和婉拒回答，以及照常回答的相似问题"

    rows: Numbers = 80
    look_alikes: Numbers = 40
    matched: bool = False
    """Whether the languages share a number as the business rows are shared, and not evenly."""
    languages: tuple[Lang, ...] = LANGUAGES

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        business = business_rows(frame) if self.matched else None
        wishes = [
            Wish(setting, lang, wanted, rows(lang, tools.identity, tools.seed))
            for setting, rows in (("rows", refusals), ("look_alikes", look_alikes))
            for lang, wanted in per_language(getattr(self, setting), self.languages, business).items()
        ]
        return draw("refusal", wishes, tools.identity)


def refusals(lang: Lang, identity: Identity, seed: int) -> Iterator[NewRecord]:
    """Decline every question of the kit, in an order in which any first part holds each kind in its proportion."""
    names = getattr(identity, lang)
    slots = refusal_slots(lang, names)
    ordered: list[tuple[float, str, str]] = []
    for key, kind in kit(lang).kinds.items():
        questions = sorted(kind.questions, key=lambda question: digest(seed, "refusal", question))
        offset = int(digest(seed, "refusal", key)[:8], 16) / 16**8
        ordered += [((n + offset) / len(questions), key, question) for n, question in enumerate(questions)]
    for _, key, question in sorted(ordered):
        fitting = [answer for answer in kit(lang).kinds[key].answers if slots_of([answer]) <= slots.keys()]
        answer = fitting[int(digest(seed, "declined", question)[:8], 16) % len(fitting)]
        yield _record(lang, question, in_tone(lang, filled(answer, slots), names), [])


def look_alikes(lang: Lang, identity: Identity, seed: int) -> Iterator[NewRecord]:
    """Answer every look-alike of the kit, in the order of their hashes."""
    names = getattr(identity, lang)
    for question, answer in sorted(kit(lang).look_alikes, key=lambda pair: digest(seed, "look_alike", pair)):
        yield _record(lang, question, in_tone(lang, answer, names), [ANSWERED])


def _record(lang: Lang, question: str, answer: str, tags: list[str]) -> NewRecord:
    """Write a record of one question and its answer."""
    return {
        "id": digest("record", "refusal", question, answer),
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
        "kind": "refusal",
        "lang": lang,
        "source": {"file": "refusal", "digest": kit_digest(), "rows": []},
        "parent": None,
        "group": digest("refusal", question),
        "tags": tags,
    }
