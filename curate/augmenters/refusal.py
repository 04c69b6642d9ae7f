"""Refusals: what a customer-service assistant should politely decline, with what it can do instead."""

from itertools import chain, zip_longest
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from curate.augmenters import Augmenter
from curate.augmenters.kit import LANGUAGES, Lang, kit, kit_digest, refusal_to
from curate.stages import Tools
from schemas.digest import digest
from schemas.errors import GateError
from schemas.frame import frame_of


class Refusal(Augmenter):
    """Out-of-scope questions from the written kit, the languages in turn, chosen by keyed hash."""

    title_zh: ClassVar[str] = "由模板生成超范围问题和婉拒回答"

    rows: int = Field(80, ge=0)
    languages: tuple[Lang, ...] = LANGUAGES

    def add(self, frame: pl.DataFrame, tools: Tools) -> pl.DataFrame:
        by_language = [_records(lang, tools.seed) for lang in self.languages]
        available = [record for record in chain.from_iterable(zip_longest(*by_language)) if record is not None]
        if (missing := self.rows - len(available)) > 0:
            raise GateError(
                f"refusal: {self.rows} rows are wanted, the kit gives {len(available)}: {missing} are missing",
                f"refusal：要 {self.rows} 条，模板只能给 {len(available)} 条，还差 {missing} 条",
            )
        return frame_of(available[: self.rows])


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
