"""The texts of a few records: as a version holds them, and of those that it dropped as a stage found them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from curate.history.earlier_texts import rows_of, texts_before
from curate.privacy.release_gate import check_outgoing
from curate.stages.mask import gate_of
from curate.store.line_search import find_in_sorted, find_record, shard_with
from curate.store.read_version import read_manifest, read_recipe
from schemas.errors import GateError
from schemas.identity import Identity
from schemas.tags import DATE, value_of
from schemas.version_files import VersionFiles


class RecordText(NamedTuple):
    """What a record says: the customer's last words, and the answer. `date` and `source` are empty where unknown."""

    question: str
    answer: str
    lang: str = ""
    date: str = ""
    source: str = ""


def texts_in_version(version: Path, ids: Collection[str]) -> dict[str, RecordText]:
    """Find the records that are in the files of a version, by id."""
    files = VersionFiles(version)
    shards = [version / shard.name for shard in read_manifest(version).trained_on() if shard.rows]
    beside = [path for path in (files.review, files.exam) if path.is_file()]
    found = {id: _text(record) for id in sorted(set(ids)) if (record := _record(shards, beside, id)) is not None}
    return found


def _record(shards: list[Path], beside: Iterable[Path], id: str) -> Mapping[str, Any] | None:
    for path in shard_with(shards, id):
        if (line := find_in_sorted(path, id)) is not None:
            record: Mapping[str, Any] = json.loads(line)
            return record
    found = find_record(beside, id)
    return found[1] if found else None


def texts_dropped(version: Path, folder: Path, ids: Collection[str], stage: str) -> dict[str, RecordText]:
    """Make records that are in no file of the version once more as they came into a stage, masked as it found them.

    One that would show personal data is left out, and so is one whose raw rows are not there any more.
    """
    return dict(_texts_dropped(version, folder, tuple(sorted(set(ids))), stage))


@lru_cache(maxsize=64)
def _texts_dropped(version: Path, folder: Path, ids: tuple[str, ...], stage: str) -> tuple[tuple[str, RecordText], ...]:
    if not ids:
        return ()
    gate = gate_of(read_recipe(version), read_manifest(version).identity or Identity())
    found = []
    for record in texts_before(version, folder, rows_of(version, ids), stage).iter_rows(named=True):
        try:
            check_outgoing({record["id"]: [message["content"] for message in record["messages"]]}, gate)
        except GateError:
            continue
        found.append((record["id"], _text(record)))
    return tuple(found)


def _text(record: Mapping[str, Any]) -> RecordText:
    last = {"user": "", "assistant": record.get("reference") or ""}
    last |= {message["role"]: message["content"] for message in record["messages"]}
    source = record.get("source") or {}
    return RecordText(
        last["user"],
        last["assistant"],
        record.get("lang") or "",
        value_of(DATE, record.get("tags") or []) or "",
        source_words(source.get("file") or "", source.get("rows") or ()),
    )


def source_words(file: str, rows: Sequence[int]) -> str:
    """Name a raw file and the first of the rows."""
    return f"{file}:{rows[0]}" if rows else file
