"""The leak check: no training row is near an exam question or a row of a benchmark that the recipe names."""

from collections import Counter
from pathlib import Path
from typing import ClassVar

import polars as pl
from pydantic import Field

from curate.duplicates.contamination import MIN_LENGTH, any_long_enough, exam_texts, near_held_out, user_turns
from curate.duplicates.side_comparison import LIMITS, Limits
from curate.reading.raw_rows import raw_rows
from curate.stages import Outcome, Stage, Tools
from schemas.bilingual import Bilingual
from schemas.errors import GateError, InputError
from schemas.frame import has_tag
from schemas.input import Input
from schemas.json_values import texts_in
from schemas.tags import EXAM

NAMED_IN_ERROR = 5
"""Records that the error names."""


class Leak(Stage):
    """Stops the build when training knows a question beforehand: it changes nothing.

    Every turn of the user in training is compared with every question of the exam and every text in the files of
    `contamination`, in any language, as `dedup` compares; a number or a name that differs does not excuse here.
    """

    title_zh: ClassVar[str] = "泄漏检查：训练集中不得有与考题或外部基准近似的行，否则停止构建"

    contamination: tuple[str, ...] = ()
    """Files, from the recipe's folder: any format that can be read as an input."""
    threshold: float = Field(LIMITS.jaccard, gt=0, le=1)
    edit: float = Field(LIMITS.edit, gt=0, le=1)
    brief: int = Field(LIMITS.min_fuzzy_length, ge=0)
    least: int = Field(MIN_LENGTH, ge=1)
    """Han characters (three letters count as one) below which a text is too common to leak."""

    def reads(self) -> tuple[str, ...]:
        return self.contamination

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        is_exam = has_tag(EXAM)
        held_out = [exam_texts(frame.filter(is_exam))]
        held_out += [self._outside_texts(tools.folder, path) for path in self.contamination]
        limits = Limits(self.threshold, self.edit, min(LIMITS.floor, self.threshold), self.brief)
        hits = near_held_out(
            pl.concat(held_out, how="diagonal"), user_turns(frame.filter(~is_exam)), limits, self.least
        )
        if hits.height:
            raise _contaminated(hits)
        return Outcome(frame)

    def _outside_texts(self, folder: Path, path: str) -> pl.DataFrame:
        """Read every text in a file, with its row.

        Raises InputError for what would pass unread: one row, or all of them.
        """
        try:
            rows = list(raw_rows(Input(path=path), folder / path).rows)
        except InputError as error:
            raise _unread(path, error.sentence) from error
        if bad := next((row for row in rows if row.fault), None):
            why = Bilingual(f"the row cannot be read ({bad.fault})", f"这一行读不出来（{bad.fault}）")
            raise _unread(f"{path}:{bad.number}", why)

        texts = [(text, row.number) for row in rows for text in texts_in(row.fields)]
        held_out = pl.DataFrame(texts, schema={"text": pl.String, "line": pl.Int64}, orient="row")
        if not any_long_enough(held_out["text"], self.least):
            en = f"no text in it has {self.least} Han characters or {3 * self.least} letters: nothing would be compared"
            zh = f"其中没有达到 {self.least} 个汉字（或 {3 * self.least} 个字母）的文本，无从比较"
            raise _unread(path, Bilingual(en, zh))
        return held_out.select("text", source=pl.lit(path), line="line")


def _unread(where: str, why: Bilingual) -> InputError:
    return InputError(f"leak: {where}: {why.en}", f"leak：{where}：{why.zh}")


def _contaminated(hits: pl.DataFrame) -> GateError:
    """Say how many records are near each source, and name the first few: file, row and what they are near, no text."""
    order = ("file", "row", "id", "source", "line")
    pairs = hits.sort(*order).unique(["id", "source"], keep="first", maintain_order=True)
    sources = Counter(pairs["source"].to_list())
    near = ", ".join(f"{name} {number}" for name, number in sorted(sources.items()))

    records = pairs.unique("id", keep="first", maintain_order=True)
    named = records.head(NAMED_IN_ERROR).select("id", "file", "row", "source", "line").iter_rows()
    where = ", ".join(
        f"{file}:{row or id[:12]} ~ {source}{f':{line}' if line else ''}" for id, file, row, source, line in named
    )
    more = f", … ({records.height})" if records.height > NAMED_IN_ERROR else ""
    return GateError(
        f"training rows are near held-out texts ({near}) at {where}{more}; leave them out or the exam proves nothing",
        f"训练集中有与保留文本近似的行（{near}），位置：{where}{more}；请去掉，否则考试说明不了问题",
    )
