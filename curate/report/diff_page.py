"""The page of `hornbook diff --html`: a pure function of the difference, with nothing fetched from anywhere."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from curate.history.diff import CHANGES, Diff, input_deltas, share_deltas, stage_deltas
from curate.report.labels import KINDS, label
from curate.report.report import PAGES
from schemas.bilingual import Bilingual, speaking
from schemas.stage_names import typed_name

ANSWERS = 200
"""Answers that the page shows side by side."""
LINES = 500
"""Rows of each kind of change that the page lists."""
LONGEST = 2_000
"""Characters up to which two answers are compared letter by letter: the time grows with the square."""


def render_diff(diff: Diff) -> str:
    """Write the page in the language of the session."""
    return PAGES.get_template("diff.html").render(
        say=lambda en, zh: str(Bilingual(en, zh)),
        language="zh-CN" if speaking.get() == "zh" else "en",
        kind=lambda key: label(KINDS, key),
        stage=typed_name,
        **diff_values(diff),
    )


def diff_values(diff: Diff) -> dict[str, Any]:
    """Give what the partial `_diff.html` shows of a difference."""
    listed = {c: diff.changes.filter(diff.changes["change"] == c) for c in CHANGES}
    return {
        "diff": diff,
        "inputs": input_deltas(diff.before, diff.after),
        "stages": stage_deltas(diff.before, diff.after),
        "shares": share_deltas(diff.before, diff.after),
        "answers": [_side_by_side(line) for line in diff.answers.head(ANSWERS).iter_rows(named=True)],
        "listed": {change: lines.head(LINES).to_dicts() for change, lines in listed.items()},
        "counts": {change: lines.height for change, lines in listed.items()},
    }


def _side_by_side(line: dict[str, Any]) -> dict[str, Any]:
    """Cut the answer before and after into spans of text, each with whether it is in both."""
    was, now = line["was"], line["now"]
    if max(len(was), len(now)) > LONGEST:
        return {**line, "was": [(was, True)], "now": [(now, True)]}

    steps = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return {
        **line,
        "was": list(_spans(was, ((step[0] == "equal", step[1], step[2]) for step in steps))),
        "now": list(_spans(now, ((step[0] == "equal", step[3], step[4]) for step in steps))),
    }


def _spans(text: str, spans: Iterator[tuple[bool, int, int]]) -> Iterator[tuple[str, bool]]:
    """Cut a text at (is the same, start, end); spans without a character are left out."""
    return ((text[start:end], is_same) for is_same, start, end in spans if end > start)
