"""The page of `hornbook diff --html`: a pure function of the difference, with nothing fetched from anywhere."""

from difflib import SequenceMatcher
from typing import Any

from curate.history.diff import CHANGES, Diff, input_deltas, share_deltas, stage_deltas
from curate.report.labels import KINDS, VERDICTS, label, stage_name
from curate.report.reasons import reason_text
from curate.report.report import PAGES
from curate.report.visible_text import in_html
from schemas.bilingual import Bilingual, speaking
from schemas.manifest import Manifest

ANSWERS = 200
"""Answers that the page shows side by side."""
LINES = 500
"""Rows of each kind of change that the page lists."""
COUNTS = {"in": Bilingual("came in", "进入")}
"""The counts of a stage that are no verdict."""
FIELDS = {
    "messages": Bilingual("the conversation", "对话内容"),
    "kind": Bilingual("kind", "类别"),
    "lang": Bilingual("language", "语言"),
    "tags": Bilingual("tags", "标签"),
}
"""What can differ in a row."""
LONGEST = 2_000
"""Characters up to which two answers are compared letter by letter: the time grows with the square."""
PAGES.filters["shown"] = in_html


def render_diff(diff: Diff) -> str:
    """Write the page in the language of the session."""
    return PAGES.get_template("diff.html").render(
        say=lambda en, zh: str(Bilingual(en, zh)),
        language="zh-CN" if speaking.get() == "zh" else "en",
        kind=lambda key: label(KINDS, key),
        difference=diff_values(diff),
    )


def diff_values(diff: Diff) -> dict[str, Any]:
    """Give what the pieces of a page show, `templates/_diff_*.html`: they call it `difference`."""
    listed = {c: diff.changes.filter(diff.changes["change"] == c) for c in CHANGES}
    return {
        "diff": diff,
        **manifest_values(diff.before, diff.after),
        "answers": [_side_by_side(line) for line in diff.answers.head(ANSWERS).iter_rows(named=True)],
        "listed": {change: lines.head(LINES).to_dicts() for change, lines in listed.items()},
        "counts": {change: lines.height for change, lines in listed.items()},
    }


def manifest_values(before: Manifest, after: Manifest) -> dict[str, Any]:
    """Give those of them that need no row: what manifests alone tell."""
    return {
        "inputs": input_deltas(before, after),
        "stages": stage_deltas(before, after),
        "shares": share_deltas(before, after),
        "stage_words": stage_name,
        "count_words": count_words,
        "field_words": field_words,
    }


def count_words(name: str) -> str:
    """Say what a count of a stage is of: `kept`, or `dropped:near_duplicate` with the reason in words."""
    verdict, _, reason = name.partition(":")
    words = str(COUNTS[verdict]) if verdict in COUNTS else label(VERDICTS, verdict)
    return f"{words}{Bilingual(': ', '：')}{reason_text(reason)}" if reason else words


def field_words(names: str) -> str:
    """Say which fields of a record differ: their names with commas between them."""
    return str(Bilingual(", ", "、")).join(label(FIELDS, name) for name in names.split(",") if name)


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
