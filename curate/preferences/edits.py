"""Answers that people wrote anew, preferred to those that were there before."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curate.history.unedited import Messages, unedited
from curate.preferences.decided import decided, raw_rows_of, trained_on
from curate.preferences.found import FoundPairs, LeftOut
from schemas.preferences import AnswerPair


def pairs_of_edits(version: Path, raw_folder: Path | None) -> FoundPairs:
    """Pair the answers of a version that were edited with what it would say there without the edit.

    `raw_folder` is where the paths of the recipe start; None where that is not known.
    """
    ids = decided(version, "fixed")
    records = trained_on(version, ids)
    rows = raw_rows_of(version, records["id"].to_list()) if records.height else {}
    before = unedited(version, raw_folder, rows) if rows and raw_folder else {}

    pairs: list[AnswerPair] = []
    left_out: LeftOut = Counter({("edit", "not_trained_on"): len(ids) - records.height})
    for record in records.iter_rows(named=True):
        found = _pairs(record, before[record["id"]]) if record["id"] in before else "raw_gone"
        if isinstance(found, str):
            left_out["edit", found] += 1
        else:
            pairs += found
    return FoundPairs(tuple(pairs), +left_out)


def _pairs(record: dict[str, Any], before: Messages) -> list[AnswerPair] | str:
    """Pair the assistant's turns that differ, or say why there is none."""
    after = record["messages"]
    if [message["role"] for message in before] != [message["role"] for message in after]:
        return "no_answer" if before == after[:-1] else "other_turns"
    pairs = list(_differing(record, before, after))
    return pairs or "equal"


def _differing(record: dict[str, Any], before: Messages, after: Messages) -> Iterator[AnswerPair]:
    turns = [index for index, message in enumerate(after) if message["role"] == "assistant"]
    for index in turns:
        if before[index] != after[index]:
            yield AnswerPair(
                origin="edit",
                record=record["id"],
                turn=len(turns) - turns.index(index),
                kind=record["kind"],
                lang=record["lang"],
                prompt=after[:index],
                chosen=after[index]["content"],
                rejected=before[index]["content"],
            )
