"""Which lines of an index are meant: by words, by what stages noted, by what people decided, by text; and the pages."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from curate.history.trace import ID, ROW, life_of
from curate.web.rows.loaded_index import Flags, Numbers, RowIndex
from curate.web.rows.reviewers import DecisionsOnRows
from curate.web.rows.text_search import lines_with
from schemas.stage_names import recorded_name

ENDS = ("train", "exam", "review", "dropped")
"""How records and rows end, as `verdict` names it; all other verdicts are those of notes."""
NOTED = ("fixed", "added")
UNKNOWN = "unknown"
"""Asks for lines that say nothing."""
LAST = 12
"""Searches whose finds are remembered, 8 MB each for a million lines."""
PAGE = 50
"""Lines of a page."""


@dataclass(frozen=True)
class RowFilter:
    """What is asked for; what is empty is not asked. `source` is a raw file as the recipe names it, or who wrote it.

    `stage` and `rule` are what a note of the ledger says, `verdict` how it ended, or with `fixed` and `added` what was
    noted. `reviewer` and `decision` are of what people decided. `text` may also be an id, its beginning, or FILE:ROW.
    """

    text: str = ""
    kind: str = ""
    verdict: str = ""
    stage: str = ""
    rule: str = ""
    lang: str = ""
    source: str = ""
    reviewer: str = ""
    decision: str = ""


class Matches(NamedTuple):
    """The lines that are meant, by their numbers, and whether these are all: a search for a text may end early."""

    numbers: Numbers
    are_all: bool


class PageNumbers(NamedTuple):
    """The lines of one page, and the key before or behind which the pages beside it lie; None at either end."""

    numbers: Numbers
    before: str | None
    after: str | None


@lru_cache(maxsize=LAST)
def matching(index: RowIndex, wanted: RowFilter, decisions: DecisionsOnRows) -> Matches:
    """Find the lines that are meant, in the order of the index."""
    conditions = _conditions(index, wanted, decisions)
    chosen = np.logical_and.reduce(conditions) if conditions else None
    if wanted.text:
        return _with_text(index, wanted.text, chosen)
    return Matches(np.arange(len(index)) if chosen is None else np.flatnonzero(chosen), are_all=True)


def page_at(index: RowIndex, matches: Matches, after: str, before: str) -> PageNumbers:
    """Cut the page out of the matches that begins behind a key, or ends before one; the first page for none."""
    numbers, keys = matches.numbers, index.frame["key"]
    start = int(np.searchsorted(numbers, index.number_from(after + " "))) if after else 0
    if before:
        start = max(0, int(np.searchsorted(numbers, index.number_from(before))) - PAGE)
    shown = numbers[start : start + PAGE]
    return PageNumbers(
        shown,
        before=keys[int(shown[0])] if start and len(shown) else None,
        after=keys[int(shown[-1])] if start + PAGE < len(numbers) else None,
    )


def _conditions(index: RowIndex, wanted: RowFilter, decisions: DecisionsOnRows) -> list[Flags]:
    """Tell for each thing that is asked which lines have it."""
    ends = wanted.verdict if wanted.verdict in ENDS else ""
    asked = {"kind": wanted.kind, "lang": wanted.lang, "file": wanted.source, "ends": ends}
    flags = [index.says(column, partial(_is, word)) for column, word in asked.items() if word]
    if wanted.stage or wanted.rule or wanted.verdict in NOTED:
        flags.append(index.says("notes", lambda notes: _is_noted(notes, wanted)))
    if wanted.reviewer or wanted.decision:
        decided = np.zeros(len(index), np.bool_)
        for id in decisions.ids(wanted.reviewer, wanted.decision):
            decided[index.number_from(id) : index.number_from(f"{id}~")] = True  # an id may be cut short
        flags.append(decided)
    return flags


def _is(meant: str, word: str) -> bool:
    return word == (meant if meant != UNKNOWN else "")


def _is_noted(notes: str, wanted: RowFilter) -> bool:
    """Tell whether one of the notes on a record is of the stage, the rule and the verdict that are asked for."""
    stage = recorded_name(wanted.stage) if wanted.stage else ""
    verdict = wanted.verdict if wanted.verdict in (*NOTED, "dropped", "review", "exam") else ""
    for note in notes.split(" "):
        at, how, why = [*note.split(":", 2), "", ""][:3]
        if stage in ("", at) and wanted.rule in ("", why) and verdict in ("", how):
            return bool(note)
    return False


def _with_text(index: RowIndex, text: str, chosen: Flags | None) -> Matches:
    """Find the chosen lines that hold a text, or that it names."""
    found, are_all = lines_with(index, text, chosen)
    named: Numbers
    if ID.fullmatch(text):
        named = np.arange(index.number_from(text), index.number_from(f"{text}~"), dtype=np.int64)
    elif ROW.fullmatch(text):
        events = life_of(index.folder, text)
        lines = (index.number_of(id) for id in events["id"].drop_nulls().unique())
        named = index.numbered(*(line for line in lines if line is not None))
    else:
        return Matches(found, are_all)
    return Matches(np.union1d(found, named if chosen is None else named[chosen[named]]), are_all)
