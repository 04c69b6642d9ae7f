"""The page of `hornbook diff --html`: a pure function of the difference, with nothing fetched from anywhere."""

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
    edits = letter_edits(was, now)
    if edits is None:
        return {**line, "was": [(was, True)], "now": [(now, True)]}
    return {
        **line,
        "was": [(text, mark == "=") for mark, text in edits if mark != "+"],
        "now": [(text, mark == "=") for mark, text in edits if mark != "-"],
    }


def letter_edits(was: str, now: str, longest: int = LONGEST) -> list[tuple[str, str]] | None:
    """List the difference of two texts, letter by letter: `=` in both, `-` in the first, `+` in the second alone.

    None where what differs is longer than that: the time grows with its square.
    """
    start = _shared_start(was, now)
    end = _shared_start(was[start:][::-1], now[start:][::-1])
    old, new = was[start : len(was) - end], now[start : len(now) - end]
    if max(len(old), len(new)) > longest:
        return None

    edits = [("=", was[:start])]
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        edits += [("=", old[a:b])] if operation == "equal" else [("-", old[a:b]), ("+", new[c:d])]
    return [(mark, text) for mark, text in (*edits, ("=", was[len(was) - end :])) if text]


def _shared_start(first: str, second: str) -> int:
    """Count the letters with which both texts begin."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(first), len(second)))
