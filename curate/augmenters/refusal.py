"""Refusals: what a customer-service assistant should politely decline, with what it can do instead."""

from collections.abc import Iterator
from typing import ClassVar

import polars as pl

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import (
    NewRecord,
    Numbers,
    Wish,
    answered_question,
    business_rows,
    choose,
    draw,
    in_proportion,
    per_language,
)
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
    kinds = kit(lang).kinds
    questions = {key: kind.questions for key, kind in kinds.items()}
    ordered = in_proportion(questions, "refusal", seed, lambda _, question: digest(seed, "refusal", question))
    for key, question in ordered:
        fitting = [answer for answer in kinds[key].answers if slots_of([answer]) <= slots.keys()]
        answer = choose(fitting, seed, "declined", question)
        yield _record(lang, question, in_tone(lang, filled(answer, slots), names), [])


def look_alikes(lang: Lang, identity: Identity, seed: int) -> Iterator[NewRecord]:
    """Answer every look-alike of the kit, in the order of their hashes."""
    names = getattr(identity, lang)
    for question, answer in sorted(kit(lang).look_alikes, key=lambda pair: digest(seed, "look_alike", pair)):
        yield _record(lang, question, in_tone(lang, answer, names), [ANSWERED])


def _record(lang: Lang, question: str, answer: str, tags: list[str]) -> NewRecord:
    return answered_question("refusal", kit_digest(), lang, (question, answer), tags)
