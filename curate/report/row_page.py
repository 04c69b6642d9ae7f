"""The page of `hornbook labels --html`: a pure function of the labelled row, with nothing fetched from anywhere."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from curate.report.report import PAGES
from curate.report.row_notes import left_out_notes, sample_notes, settings_note, which_row
from curate.report.visible_text import runs
from schemas.bilingual import Bilingual, speaking
from schemas.labelled_row import LabelledRow, LabelledSample, Piece
from schemas.manifest import Manifest


def render_row(row: LabelledRow, manifest: Manifest, origin: Bilingual) -> str:
    """Write the page in the language of the session; `origin` says where the settings come from."""
    return PAGES.get_template("row.html").render(
        say=lambda en, zh: str(Bilingual(en, zh)),
        language="zh-CN" if speaking.get() == "zh" else "en",
        manifest=manifest,
        row=row,
        heading=which_row(row),
        settings=settings_note(row, origin),
        tokens=sum(sample.tokens for sample in row.samples),
        learnt=sum(sample.learnt for sample in row.samples),
        samples=[_section(sample, row.max_tokens) for sample in row.samples],
        left_out=list(left_out_notes(row)),
    )


def _section(sample: LabelledSample, max_tokens: int) -> dict[str, Any]:
    return {"notes": list(sample_notes(sample, max_tokens)), "pieces": list(_spans(sample.pieces))}


def _spans(pieces: tuple[Piece, ...]) -> Iterator[dict[str, Any]]:
    """Write every piece as its classes of CSS, what hovering over it says, and its text in runs."""
    lasts = accumulate(piece.tokens for piece in pieces)
    for piece, last in zip(pieces, lasts, strict=True):
        numbers = f"{last}" if piece.tokens == 1 else f"{last - piece.tokens + 1}–{last}"
        kinds = [name for name, holds in (("learnt", piece.learnt), ("control", piece.control)) if holds]
        yield {"classes": " ".join(kinds), "title": _title(numbers, piece), "runs": list(runs(piece.text))}


def _title(numbers: str, piece: Piece) -> Bilingual:
    learnt = Bilingual("learnt", "学习") if piece.learnt else Bilingual("not learnt", "不学习")
    control = Bilingual(", control token", "，控制词元") if piece.control else Bilingual("", "")
    number = Bilingual(f"{'token' if piece.tokens == 1 else 'tokens'} {numbers}", f"第 {numbers} 个词元")
    return Bilingual(f"{number.en}: {learnt.en}{control.en}", f"{number.zh}：{learnt.zh}{control.zh}")
