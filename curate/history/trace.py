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

from curate.store.line_search import lines_with, record_of, row_with, shard_with
from curate.store.read_version import read_manifest, read_recipe
from curate.store.store import Store
from schemas.digest import canonical
from schemas.errors import HornbookError, StoreError
from schemas.manifest import InputFile
from schemas.version_files import VersionFiles, is_trained_on, shard_names

ROW = re.compile(r"(?P<file>.+):(?P<row>\d+)")
ID = re.compile(r"[0-9a-f]{8,32}")
HITS = 20
"""Records that a search for text gives at most."""
HAN = ("utf-8", "gb18030")
"""The encodings in which the bytes of a raw file are searched for a text."""
PACKED = (".gz", ".zst", ".zip")


@dataclass(frozen=True)
class Held:
    """A version that holds a record: in which file, and which training runs used it."""

    version: str
    file: str
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What one stage did to one message: pieces of text, each `=` kept, `-` gone or `+` new."""

    stage: str
    turn: int
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Life:
    """What is known of a row or a record. `final` is the record as the version has it, where it does."""

    events: pl.DataFrame
    final: dict[str, Any] | None = None
    rewordings: tuple[str, ...] = ()
    held: tuple[Held, ...] = field(default=())


def life_of(version: Path, what: str) -> pl.DataFrame:
    """The events of one record (its id, or at least eight letters of it) or of one raw row (`FILE:ROW`), in order.

    `FILE` is the path in the recipe, or the end of it. For a row, the events of its record are among them, and for a
    record those of its rows. Empty when the ledger knows neither.
    """
    ledger = pl.scan_parquet(VersionFiles(version).ledger).with_row_index("step")
    if match := ROW.fullmatch(what):
        # The rows of a file stand in their order: few pages are read for one.
        here = (pl.col("row") == int(match["row"])) & pl.col("file").is_in(_files(version, match["file"]))
        found = ledger.filter(here).collect()
        ids = found["id"].drop_nulls().unique()
        if ids.len():
            found = pl.concat([found, ledger.filter(pl.col("id").is_in(ids.implode())).collect()]).unique("step")
    elif ID.fullmatch(what):
        found = ledger.filter(pl.col("id").str.starts_with(what)).collect()
    else:
        found = ledger.head(0).collect()
    return found.sort("step").drop("step")


def _files(version: Path, named: str) -> list[str]:
    """The inputs that may be meant: by the end of their path, or from another folder by a longer one."""
    paths = [file.path for file in read_manifest(version).inputs]
    return [path for path in paths if path.endswith(named) or f"/{named}".endswith(f"/{path}")]


def whole_life(store: Store, version: Path, what: str) -> Life:
    """The events, the final record, what was reworded from it, and every version and run that has it."""
    events = life_of(version, what)
    ids = [id for id in events["id"].unique(maintain_order=True) if id]
    if len(ids) != 1:
        return Life(events)
    id = ids[0]
    found = record_of(_line_files(version, id), id)
    held = tuple(_held(store, version.parent.name, id))
    return Life(events, found[1] if found else None, _reworded(version, id), held)


def _reworded(version: Path, id: str) -> tuple[str, ...]:
    """The records that were made from this one, HITS at most. Where no stage added any there is none."""
    if not any(stage.added for stage in read_manifest(version).stages):
        return ()
    lines = lines_with(_shards(version), f'"parent":"{id}"'.encode(), HITS)
    return tuple(json.loads(line)["id"] for _, line in lines)


def _shards(version: Path) -> list[Path]:
    return sorted(version.glob(shard_names()))


def _beside(version: Path) -> list[Path]:
    """The files of records that are not trained on, where they are there."""
    files = VersionFiles(version)
    return [path for path in (files.exam, files.review) if path.is_file()]


def _line_files(version: Path, id: str) -> list[Path]:
    """The files in which a record may stand: one shard, the exam, the review."""
    return [*shard_with(_shards(version), id), *_beside(version)]


def _held(store: Store, name: str, id: str) -> Iterator[Held]:
    for version in store.versions(name):
        folder = store.version(name, version)
        if found := record_of(_line_files(folder, id), id):
            runs = store.root / "runs" / name / version
            trained = sorted(p.parent.name for p in runs.glob("*/train.json")) if is_trained_on(found[0].name) else []
            yield Held(version, found[0].name, tuple(trained))


def named_by(version: Path, text: str, folder: Path | None) -> list[str]:
    """Records (by id) and raw rows (as FILE:ROW) that hold the text, HITS at most; of the raw files the first each.

    `folder` is where the paths of the recipe start, where that is known.
    """
    quoted = canonical(text)[1:-1].encode("utf-8")
    files = [*_shards(version), *_beside(version)]
    found = [json.loads(line)["id"] for _, line in islice(lines_with(files, quoted, HITS), HITS)]
    if found or folder is None:
        return found
    with suppress(StoreError):
        for file in read_manifest(version).inputs:
            if number := _row_of(version, file, folder / file.path, text):
                found.append(f"{file.path}:{number}")
    return found


def _row_of(version: Path, file: InputFile, path: Path, text: str) -> int | None:
    """The first row of a raw file that holds the text, where the file is still there and can be read."""
    if file.encoding in HAN and path.is_file() and path.suffix.lower() not in PACKED:
        for encoding in HAN:
            with suppress(OSError, UnicodeEncodeError):
                if number := row_with(path, text.encode(encoding)):
                    return number
        return None
    # What reads workbooks and archives takes long to load: only where there is one to look into.
    from curate.reading.search import row_holding

    spec = next(spec for spec in read_recipe(version).inputs if spec.path == file.path)
    named = {} if file.encoding == "binary" else {"encoding": file.encoding}
    with suppress(OSError, HornbookError):
        return row_holding(spec.model_copy(update=named), path, text)
    return None
