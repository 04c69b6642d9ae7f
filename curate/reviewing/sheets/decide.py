"""What the cells of a row mean together: an opinion, nothing yet, or something that only their writer can clear up.

People type a new answer and choose `accept`, or no verdict at all: that is an edit. They choose `edit` and leave the
text for later: that is no decision yet. In a conflict a letter alone is a decision, and to reject the answer shown and
name another is to choose that one. A new answer beside `reject` or `cannot tell` may mean either, and is refused.
"""

from collections.abc import Mapping
from typing import NamedTuple

from curate.forms.cells import LARGEST, typed, units
from curate.reviewing.sheets.journal import SentRow
from curate.reviewing.sheets.shown_rows import has_answer, turns_of
from curate.reviewing.sheets.verdict_cells import (
    CUT_OFF,
    Misread,
    read_letters,
    read_reasons,
    read_turns,
    read_verdict,
)
from schemas.bilingual import Bilingual
from schemas.review import Decision, Opinion, ReviewTask

EDIT_OR_NOT = Bilingual(
    "has a text beside a verdict that is neither accept nor edit: choose edit, or delete it",
    "有内容，但结论既不是通过也不是修改：请改选“修改”，或清空这一格",
)
AGAINST_VERDICT = Misread("holds", Bilingual("contradicts the verdict", "和结论矛盾"))
ONE_IS_EDITED = Misread(
    "holds", Bilingual("names several answers, and one is edited: which?", "填了多个回答，但只能修改一个：请写明是哪个")
)
NOT_SHOWN = Misread(
    "other_turns",
    Bilingual("is filled in, but another answer holds than the one shown", "有内容，但算数的不是所显示的回答"),
)
ANSWER_FIRST = Misread(
    "other_turns",
    Bilingual(
        "is filled in, but the conversation ends without an answer: write a new answer, too",
        "有内容，但对话末尾没有回答：请同时填写新回答",
    ),
)
LOST = Misread(
    "new_answer",
    Bilingual(
        "may have lost characters when it was saved (?): save the sheet as .xlsx, or as CSV UTF-8",
        "保存时可能丢了字符（变成了 ?）：请另存为 .xlsx，或 CSV UTF-8",
    ),
)


class FilledRow(NamedTuple):
    """What the cells of a row say, each for itself. `edits` differ from what was shown, `copied` says that there was a
    text that does not; `holds` is None where nothing is said.
    """

    verdict: Decision | None
    edits: Mapping[int, str]
    copied: bool
    holds: tuple[str, ...] | None
    reasons: tuple[str, ...]
    note: str


class Meaning(NamedTuple):
    """What a row says: an opinion without its writer and origin, or nothing yet; and whether the verdict was not `edit`
    but the new answer says so.
    """

    opinion: Opinion | None
    assumed: bool = False


NOTHING_YET = Meaning(None)


def decide(cells: Mapping[str, str], row: SentRow, task: ReviewTask) -> Meaning | Misread:
    """Say what the cells of a row mean, by the keys of their columns."""
    filled = _filled(cells, row, task)
    if isinstance(filled, Misread):
        return filled
    meant = _of_conflict(filled, row, task) if task.asked == "conflict" else _of_record(filled)
    if meant is None or isinstance(meant, Misread):
        return meant or NOTHING_YET
    verdict, holds = meant
    opinion = Opinion(
        key=task.key,
        verdict=verdict,
        holds=holds,
        answers=dict(sorted(filled.edits.items())) if verdict == "edit" else {},
        reasons=filled.reasons,
        note=filled.note,
    )
    return Meaning(opinion, assumed=verdict == "edit" and filled.verdict != "edit")


def _filled(cells: Mapping[str, str], row: SentRow, task: ReviewTask) -> FilledRow | Misread:
    """Read the cells one by one."""
    verdict = read_verdict(cells.get("verdict", ""))
    holds = read_letters(cells.get("holds", ""), row.letters) if row.letters else None
    turns = read_turns(cells.get("other_turns", ""), turns_of(task).from_end)
    new = _new_answer(cells, task)
    for read in (verdict, holds, turns, new):
        if isinstance(read, Misread):
            return read
    written: dict[int, str] = dict(turns)  # type: ignore[arg-type]
    if new:
        written[1] = str(new)
    held = holds[0] if isinstance(holds, tuple) and len(holds) == 1 else task.id
    edits = {turn: text for turn, text in written.items() if _differs(text, _shown(task, held, turn))}
    if misplaced := _misplaced(edits, held, task):
        return misplaced
    reasons, more = read_reasons(cells.get("reason", ""))
    note = "; ".join(filter(None, (typed(cells.get("note", "")), more)))
    return FilledRow(verdict, edits, len(edits) < len(written), holds, reasons, note)  # type: ignore[arg-type]


def _misplaced(edits: Mapping[int, str], held: str, task: ReviewTask) -> Misread | None:
    """Find edits of earlier turns that cannot be: of another record than the one shown, or before an answer that is
    missing.
    """
    if not set(edits) - {1}:
        return None
    if held != task.id:
        return NOT_SHOWN
    return None if has_answer(task) or 1 in edits else ANSWER_FIRST


def _new_answer(cells: Mapping[str, str], task: ReviewTask) -> str | Misread:
    cell = cells.get("new_answer", "")
    if units(cell) >= LARGEST:
        return Misread("new_answer", CUT_OFF)
    text = typed(cell)
    back = cells.get("answer", "")
    lost = back.count("?") > turns_of(task).last.count("?")  # what was shown came back with characters lost
    return LOST if lost and "?" in text else text


def _shown(task: ReviewTask, held: str, turn: int) -> str:
    """Give the answer that was shown: of a conflict the last one of the record that holds."""
    other = next((other for other in task.others if other.id == held), None)
    return other.answer if other is not None and turn == 1 else turns_of(task).at(turn)


def _differs(text: str, shown: str) -> bool:
    """Tell whether a text is another than the one shown, but for blanks at the ends of lines."""
    return typed(text) != typed(shown)


def _of_record(filled: FilledRow) -> tuple[Decision, tuple[str, ...]] | Misread | None:
    """Say what was meant of one answer; None where nothing was decided yet."""
    if filled.edits and filled.verdict in ("reject", "unsure"):
        return Misread("new_answer" if 1 in filled.edits else "other_turns", EDIT_OR_NOT)
    if filled.edits:
        return "edit", ()
    if filled.verdict == "edit":
        return ("accept", ()) if filled.copied else None
    return (filled.verdict, ()) if filled.verdict else None


def _of_conflict(
    filled: FilledRow, row: SentRow, task: ReviewTask
) -> tuple[Decision, tuple[str, ...]] | Misread | None:
    """Say what was meant of several answers; None where nothing was decided yet."""
    holds, verdict = filled.holds, filled.verdict
    if filled.edits or verdict == "edit":
        return _of_edited(filled, task)
    if verdict == "unsure":
        return AGAINST_VERDICT if holds else ("unsure", ())
    if not holds:  # none of them, or nothing said
        if verdict == "accept":
            return None if holds is None else AGAINST_VERDICT
        return ("reject", ()) if verdict == "reject" or holds == () else None
    if verdict == "reject" and task.id in holds:
        return AGAINST_VERDICT
    return "accept", holds


def _of_edited(filled: FilledRow, task: ReviewTask) -> tuple[Decision, tuple[str, ...]] | Misread | None:
    """Say which of several answers was edited: the one that holds, else the one shown."""
    if filled.verdict in ("reject", "unsure"):
        return Misread("new_answer", EDIT_OR_NOT)
    if filled.holds is not None and len(filled.holds) != 1:
        return ONE_IS_EDITED if filled.holds else AGAINST_VERDICT
    held = filled.holds or (task.id,)
    if filled.edits:
        return "edit", held
    return ("accept", held) if filled.copied else None
