"""The leak check: no training row is near an exam question or a row of a benchmark that the recipe names."""

from collections import Counter
from pathlib import Path
from typing import ClassVar

import polars as pl
from pydantic import Field

from curate.duplicates.clusters import Limits
from curate.duplicates.contamination import LEAST, LIMITS, asked, long_enough, near_held, questions_held
from curate.reading.raw_rows import raw_rows
from curate.stages import Outcome, Stage, Tools
from schemas.bilingual import Words
from schemas.errors import GateError, InputError
from schemas.input import Input
from schemas.json_values import texts_in

TOLD = 5
"""Places that the error names."""


class Leak(Stage):
    """Stops the build when training knows a question beforehand: it changes nothing.

    Every turn of the user in training is compared with every question of the exam and every text in the files of
    `contamination`, in any language, as `dedup` compares; a number or a name that differs does not excuse here.
    """

    title_zh: ClassVar[str] = "泄漏检查：训练集中不得有与考题或外部基准近似的行，否则停止构建"

    contamination: tuple[str, ...] = ()
    """Files, from the recipe's folder: any layout that can be read as an input."""
    threshold: float = Field(LIMITS.jaccard, gt=0, le=1)
    edit: float = Field(LIMITS.edit, gt=0, le=1)
    brief: int = Field(LIMITS.brief, ge=0)
    least: int = Field(LEAST, ge=1)
    """Han characters (of letters three count as one) below which a text is too common to leak."""

    def reads(self) -> tuple[str, ...]:
        return self.contamination

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        is_exam = pl.col("tags").list.contains("exam")
        held = [questions_held(frame.filter(is_exam))]
        held += [self._outside(tools.folder, path) for path in self.contamination]
        limits = Limits(self.threshold, self.edit, min(LIMITS.floor, self.threshold), self.brief)
        hits = near_held(pl.concat(held), asked(frame.filter(~is_exam)), limits, self.least)
        if hits.height:
            raise _refusal(hits)
        return Outcome(frame)

    def _outside(self, folder: Path, path: str) -> pl.DataFrame:
        """Every text in a file, with its row. Raises InputError for what would pass unread: one row, or all of them."""
        try:
            rows = list(raw_rows(Input(path=path), folder / path).rows)
        except InputError as error:
            raise _unread(path, error.words) from error
        if bad := next((row for row in rows if row.fault), None):
            why = Words(f"the row cannot be read ({bad.fault})", f"这一行读不出来（{bad.fault}）")
            raise _unread(f"{path}:{bad.number}", why)
        texts = [(text, row.number) for row in rows for text in texts_in(row.fields)]
        held = pl.DataFrame(texts, schema={"text": pl.String, "line": pl.Int64}, orient="row")
        if not long_enough(held["text"], self.least):
            en = f"no text in it has {self.least} Han characters or {3 * self.least} letters: nothing would be compared"
            zh = f"其中没有达到 {self.least} 个汉字（或 {3 * self.least} 个字母）的文本，无从比较"
            raise _unread(path, Words(en, zh))
        return held.select("text", source=pl.lit(path), line="line")


def _unread(place: str, why: Words) -> InputError:
    return InputError(f"leak: {place}: {why.en}", f"leak：{place}：{why.zh}")


def _refusal(hits: pl.DataFrame) -> GateError:
    rows = hits.sort("file", "row", "id", "source", "line").unique(["id", "source"], keep="first", maintain_order=True)
    sources = Counter(rows["source"].to_list())
    near = ", ".join(f"{name} {number}" for name, number in sorted(sources.items()))
    places = rows.unique("id", keep="first", maintain_order=True)
    told = places.head(TOLD).select("id", "file", "row", "source", "line").iter_rows()
    where = ", ".join(
        f"{file}:{row or id[:12]} ~ {source}{f':{line}' if line else ''}" for id, file, row, source, line in told
    )
    more = f", … ({places.height})" if places.height > TOLD else ""
    return GateError(
        f"training rows are near held-out texts ({near}) at {where}{more}; leave them out or the exam proves nothing",
        f"训练集中有与保留文本近似的行（{near}），位置：{where}{more}；请去掉，否则考试说明不了问题",
    )
