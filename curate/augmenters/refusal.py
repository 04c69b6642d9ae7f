"""Refusals: what a customer-service assistant should politely decline, with what it can do instead."""

from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from curate.augmenters import Augmenter, Written
from curate.augmenters._drawing import Wish, draw
from curate.augmenters.kit import LANGUAGES, Lang, kit, kit_digest, refusal_to
from curate.stages import Tools
from schemas.digest import digest


class Refusal(Augmenter):
    """Out-of-scope questions from the written kit, the languages in turn, chosen by keyed hash.

    A question near one of the exam's papers is dropped (`exam_paper`), and another takes its place while there is one.
    """

    title_zh: ClassVar[str] = "由模板生成超范围问题和婉拒回答"

    rows: int = Field(80, ge=0)
    languages: tuple[Lang, ...] = LANGUAGES

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        by_language = [_records(lang, tools.seed) for lang in self.languages]
        return draw("refusal", [Wish("rows", self.rows, by_language)], tools.identity)


def _records(lang: Lang, seed: int) -> list[dict[str, Any]]:
    """Answer every question of the kit, in the order of their hashes."""
    questions = sorted(kit(lang).refusals.questions, key=lambda question: digest(seed, "refusal", question))
    return [_record(lang, question, refusal_to(lang, question, seed)) for question in questions]


def _record(lang: Lang, question: str, answer: str) -> dict[str, Any]:
    """Write a record of one question and its refusal."""
    return {
        "id": digest("record", "refusal", question, answer),
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
        "kind": "refusal",
        "lang": lang,
        "source": {"file": "refusal", "digest": kit_digest(), "rows": []},
        "parent": None,
        "group": digest("refusal", question),
        "tags": [],
    }
