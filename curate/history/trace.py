"""The life of a row or a record, in both directions: from the raw row to the versions, and back."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from curate.store.line_search import find_lines, find_record, row_with, shard_with
from curate.store.read_version import read_manifest, read_recipe
from curate.store.store import Store
from schemas.digest import canonical
from schemas.errors import HornbookError, StoreError
from schemas.manifest import InputFile
from schemas.version_files import VersionFiles, is_trained_on, shard_names

ROW = re.compile(r"(?P<file>.+):(?P<row>\d+)")
ID = re.compile(r"[0-9a-f]{8,32}")
MAX_HITS = 20
"""Records that a search for text returns at most."""
SEARCHED = ("utf-8", "gb18030")
"""The encodings in which the bytes of a raw file are searched for a text."""
PACKED = (".gz", ".zst", ".zip", ".tar", ".tgz", ".tzst")


@dataclass(frozen=True)
class Holder:
    """A version that holds a record: in which file, and which training runs used it."""

    version: str
    file: str
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What one stage did to one message: texts in order, each `=` kept, `-` removed or `+` new."""

    stage: str
    turn: int
    edits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Life:
    """What is known of a row or a record. `final` is the record as the version has it, where it does."""

    events: pl.DataFrame
    final: dict[str, Any] | None = None
    rewordings: tuple[str, ...] = ()
    holders: tuple[Holder, ...] = field(default=())


def life_of(version: Path, what: str) -> pl.DataFrame:
    """Find the events of one record (its id, or at least eight letters of it) or one raw row (`FILE:ROW`), in order.

    `FILE` is the path in the recipe, or the end of it. For a row, the events of its record are among them, and for a
    record those of its rows. Empty when the ledger knows neither.
    """
    ledger = pl.scan_parquet(VersionFiles(version).ledger).with_row_index("step")
    if match := ROW.fullmatch(what):
        # The rows of a file stand in their order: few pages are read for one.
        is_meant = (pl.col("row") == int(match["row"])) & pl.col("file").is_in(_files(version, match["file"]))
        events = ledger.filter(is_meant).collect()
        ids = events["id"].drop_nulls().unique()
        if ids.len():
            events = pl.concat([events, ledger.filter(pl.col("id").is_in(ids.implode())).collect()]).unique("step")
    elif ID.fullmatch(what):
        events = ledger.filter(pl.col("id").str.starts_with(what)).collect()
    else:
        events = ledger.head(0).collect()
    return events.sort("step").drop("step")


def _files(version: Path, typed: str) -> list[str]:
    """List the inputs that may be meant: by the end of their path, or from another folder by a longer one."""
    paths = [file.path for file in read_manifest(version).inputs]
    return [path for path in paths if path.endswith(typed) or f"/{typed}".endswith(f"/{path}")]


def whole_life(store: Store, version: Path, what: str) -> Life:
    """Find the events, the final record, what was reworded from it, and every version and run that has it."""
    events = life_of(version, what)
    ids = [id for id in events["id"].unique(maintain_order=True) if id]
    if len(ids) != 1:
        return Life(events)
    id = ids[0]
    hit = find_record(_files_with(version, id), id)
    holders = tuple(_holders(store, version.parent.name, id))
    return Life(events, hit[1] if hit else None, _rewordings(version, id), holders)


def _rewordings(version: Path, id: str) -> tuple[str, ...]:
    """Find the records that were made from this one, MAX_HITS at most. Where no stage added any there is none."""
    if not any(stage.added for stage in read_manifest(version).stages):
        return ()
    lines = find_lines(_shards(version), f'"parent":"{id}"'.encode(), MAX_HITS)
    return tuple(json.loads(line)["id"] for _, line in lines)


def _shards(version: Path) -> list[Path]:
    return sorted(version.glob(shard_names()))


def _not_trained_on(version: Path) -> list[Path]:
    """List the files of records that are not trained on, where they are there."""
    files = VersionFiles(version)
    return [path for path in (files.exam, files.review) if path.is_file()]


def _files_with(version: Path, id: str) -> list[Path]:
    """List the files in which a record may stand: one shard, the exam, the review."""
    return [*shard_with(_shards(version), id), *_not_trained_on(version)]


def _holders(store: Store, name: str, id: str) -> Iterator[Holder]:
    for version in store.versions(name):
        folder = store.version(name, version)
        if hit := find_record(_files_with(folder, id), id):
            runs = store.root / "runs" / name / version
            trained = sorted(p.parent.name for p in runs.glob("*/train.json")) if is_trained_on(hit[0].name) else []
            yield Holder(version, hit[0].name, tuple(trained))


def find_text(version: Path, text: str, folder: Path | None) -> list[str]:
    """Find records (by id) and raw rows (as FILE:ROW) that hold a text: MAX_HITS records, or one row of each raw file.

    `folder` is where the paths of the recipe start, where that is known.
    """
    quoted = canonical(text)[1:-1].encode("utf-8")
    files = [*_shards(version), *_not_trained_on(version)]
    hits = [json.loads(line)["id"] for _, line in islice(find_lines(files, quoted, MAX_HITS), MAX_HITS)]
    if hits or folder is None:
        return hits

    # Raw files may be large: they are searched only where no record has the text.
    with suppress(StoreError):
        for file in read_manifest(version).inputs:
            if number := _row_of(version, file, folder / file.path, text):
                hits.append(f"{file.path}:{number}")
    return hits


def _row_of(version: Path, file: InputFile, path: Path, text: str) -> int | None:
    """Find the first row of a raw file that holds the text, where the file is still there and can be read."""
    if file.encoding in SEARCHED and path.is_file() and path.suffix.lower() not in PACKED:
        for encoding in SEARCHED:
            with suppress(OSError, UnicodeEncodeError):
                if number := row_with(path, text.encode(encoding)):
                    return number
        return None
    # What reads workbooks and archives takes long to load: only where there is one to look into.
    from curate.reading.search import row_holding

    spec = next(spec for spec in read_recipe(version).inputs if spec.reads(file.path))
    update = {} if file.encoding == "binary" else {"encoding": file.encoding}
    with suppress(OSError, HornbookError):
        return row_holding(spec.model_copy(update=update), path, text)
    return None
