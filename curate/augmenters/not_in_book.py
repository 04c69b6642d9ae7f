"""The book does not say: business questions that the records leave open, and answers that admit it."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import polars as pl
from pydantic import Field

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
from curate.augmenters.kit import LANGUAGES, Lang
from curate.augmenters.kit.slots import filled, in_tone, named_slots, slots_of
from curate.augmenters.kit.unknowns import topics, unknowns_digest
from curate.passages.coverage import Nearest, nearest
from curate.passages.exchanges import exchanges
from curate.stages import Tools
from schemas.digest import digest
from schemas.identity import Identity
from schemas.ledger import events_of
from schemas.tags import ANSWERED

NAME = "not_in_book"
REASON = "in_the_book"


class NotInBook(Augmenter):
    """Questions about products and policies that no business record so far answers, and answers that say so.

    `rows` counts them, in all or per language; shared evenly, or with `matched` as the business rows are shared. They
    come from all topics of the kit in their proportion, by keyed hash. Where one exchange holds `score` or more of a
    question, by the weight of its words (1 is all of them), the question is dropped as `in_the_book`, and the next
    takes its place while there is one. Stands behind `dedup` and before `split`.
    """

    title_zh: ClassVar[str] = "书里没写的商品和政策问题：回答如实说不知道；书里已有答案的不出"

    rows: Numbers = 40
    score: float = Field(0.45, gt=0, le=1)
    matched: bool = False
    """Whether the languages share a number as the business rows are shared, and not evenly."""
    languages: tuple[Lang, ...] = LANGUAGES

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        business = business_rows(frame) if self.matched else None
        shares = per_language(self.rows, self.languages, business)
        choices = [_choice(lang, wanted, frame, tools, self.score) for lang, wanted in shares.items() if wanted]
        written = draw(NAME, [choice.wish() for choice in choices], tools.identity)

        taken, near_paper = set(written.rows["id"]), set(written.events["id"])
        answered = [line for choice in choices for line in choice.held_back(taken, near_paper)]
        schema = {"id": pl.String, "twin": pl.String, "score": pl.Float64}
        lines = pl.DataFrame(answered, schema, orient="row").with_columns(reason=pl.lit(REASON)).sort("id")
        events = [events_of(lines.select("id"), NAME, "added"), events_of(lines, NAME, "dropped")]
        return Written(written.rows, pl.concat([written.events, *events]))


class _Choice(NamedTuple):
    """All that can be asked in a language, in its order, and by id what the book answers of it."""

    lang: Lang
    wanted: int
    records: list[NewRecord]
    answered: dict[str, Nearest]

    def wish(self) -> Wish:
        """Wish for as many as there are behind the answered ones; for too many where the kit itself has too few."""
        if self.wanted > len(self.records):
            return Wish("rows", self.lang, self.wanted, self.records)
        left = [record for record in self.records if record["id"] not in self.answered]
        return Wish("rows", self.lang, min(self.wanted, len(left)), left)

    def held_back(self, taken: set[str], near_paper: set[str]) -> list[tuple[str, str | None, float]]:
        """List the answered ones whose turn it was: those before the last that was drawn, all where too few were."""
        turns = [n for n, record in enumerate(self.records) if record["id"] in taken | near_paper]
        is_enough = sum(record["id"] in taken for record in self.records) == self.wanted
        last = turns[-1] if is_enough else len(self.records)
        return [
            (record["id"], *self.answered[record["id"]])
            for record in self.records[:last]
            if record["id"] in self.answered
        ]


def _choice(lang: Lang, wanted: int, frame: pl.DataFrame, tools: Tools, score: float) -> _Choice:
    """Compare all questions of a language with the exchanges in it, and with those in languages of no kit."""
    records = list(_records(lang, tools.identity, tools.seed))
    others = [other for other in LANGUAGES if other != lang]
    book = frame.filter((pl.col("kind") == "domain") & ~pl.col("lang").is_in(others))
    found = nearest([record["messages"][0]["content"] for record in records], exchanges(book))
    answered = {record["id"]: best for record, best in zip(records, found, strict=True) if best.score >= score}
    return _Choice(lang, wanted, records, answered)


def _records(lang: Lang, identity: Identity, seed: int) -> Iterator[NewRecord]:
    """Write every question of the kit, in an order in which any first part holds each topic in its proportion."""
    names = getattr(identity, lang)
    slots = named_slots(lang, names) if names else {}
    questions = {key: topic.questions for key, topic in topics(lang).items()}
    ordered = in_proportion(questions, NAME, seed, lambda _, question: digest(seed, NAME, question))
    for key, question in ordered:
        fitting = [answer for answer in topics(lang)[key].answers if slots_of([answer]) <= slots.keys()]
        answer = in_tone(lang, filled(choose(fitting, seed, "unknown", question), slots), names)
        # the tag keeps it out of the exam's questions to decline: to say "I don't know" is an answer
        yield answered_question(NAME, unknowns_digest(), lang, (question, answer), [ANSWERED])
