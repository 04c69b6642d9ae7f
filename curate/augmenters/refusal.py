"""Refusals: what a customer-service assistant should politely decline, with what it can do instead."""

from itertools import chain, zip_longest
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from curate.augmenters import Augmenter
from curate.augmenters.kit import LANGUAGES, Lang, declined, kit, kit_digest
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
        by_language = [self._of(lang, tools.seed) for lang in self.languages]
        made = [row for row in chain.from_iterable(zip_longest(*by_language)) if row is not None]
        if len(made) < self.rows:
            raise GateError(
                f"refusal: {self.rows} rows are wanted, the kit gives {len(made)}: {self.rows - len(made)} are missing",
                f"refusal：要 {self.rows} 条，模板只能给 {len(made)} 条，还差 {self.rows - len(made)} 条",
            )
        return frame_of(made[: self.rows])

    def _of(self, lang: Lang, seed: int) -> list[dict[str, Any]]:
        questions = sorted(kit(lang).refusals.questions, key=lambda q: digest(seed, "refusal", q))
        return [_row(lang, question, declined(lang, question, seed)) for question in questions]


def _row(lang: Lang, question: str, answer: str) -> dict[str, Any]:
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
