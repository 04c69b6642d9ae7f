"""Answers that people wrote anew, preferred to those that were there before."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curate.history.earlier_texts import rows_of
from curate.history.unedited import Messages, unedited
from curate.preferences.decided import decided, trained_on
from curate.preferences.found import FoundPairs, LeftOut
from curate.store.read_version import read_manifest
from curate.store.store import Store
from schemas.frame import has_tag
from schemas.preferences import AnswerPair
from schemas.tags import REVIEWED


def pairs_of_edits(version: Path, store: Store, raw_folder: Path | None) -> FoundPairs:
    """Pair the answers of a version that were edited with what it would say there without the edit.

    `raw_folder` is where the paths of the recipe start; None where that is not known.
    """
    ids = decided(version, "edit")
    records = trained_on(version, ids)
    edited = records["id"].to_list()
    rows = rows_of(version, edited)
    before = unedited(version, raw_folder, rows) if raw_folder else {}
    before |= _written(store, version, [id for id in edited if id not in rows])

    pairs: list[AnswerPair] = []
    left_out: LeftOut = Counter({("edit", "not_trained_on"): len(ids) - records.height})
    for record in records.iter_rows(named=True):
        found = _pairs(record, before[record["id"]]) if record["id"] in before else "text_gone"
        if isinstance(found, str):
            left_out["edit", found] += 1
        else:
            pairs += found
    return FoundPairs(tuple(pairs), +left_out)


def _written(store: Store, version: Path, ids: list[str]) -> dict[str, Messages]:
    """Find what records said before an edit that came from no raw row: a stage wrote them, and another version of the
    dataset may hold them as nobody had seen them yet.
    """
    found: dict[str, Messages] = {}
    name = read_manifest(version).name
    for other in store.versions(name) if ids else ():
        records = trained_on(store.version(name, other), ids).filter(~has_tag(REVIEWED))
        for id, messages in records.select("id", "messages").iter_rows():
            found.setdefault(id, messages)
    return found


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
