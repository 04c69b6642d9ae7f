"""What stages made of some records, on the disk: to be read at the end of the build, and used again by the next one."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.build.frames_on_disk import load, save, save_by_slices
from curate.ledger import Booked
from schemas.digest import canonical, digest_file
from schemas.manifest import StageCount

TABLE = "table-"
RECORDS = ("kept", "review")
"""What no table of a version is made of."""


@dataclass(frozen=True)
class Passed:
    """What stages made of some records: what goes on, what is booked by place and stage, and what lies beside it."""

    kept: pl.DataFrame
    booked: tuple[tuple[int, Booked], ...]
    review: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Part:
    """The same on the disk: Arrow files by what they hold (`kept`, `events`, `review`, `table-<name>`)."""

    counts: tuple[tuple[int, StageCount], ...]
    records: int
    """Conversations that the stages were given."""
    files: Mapping[str, Path]

    def kept(self) -> pl.DataFrame:
        return load(self.files["kept"])

    def events(self) -> pl.DataFrame:
        return load(self.files["events"])

    def tables(self) -> dict[str, Path]:
        return {name.removeprefix(TABLE): path for name, path in self.files.items() if name.startswith(TABLE)}


def write_part(folder: Path, number: int, passed: Passed, records: int) -> Part:
    """Writes a part; its index comes last, so that half of a part is none."""
    frames = {"kept": passed.kept, "events": pl.concat([events for _, (_, events) in passed.booked])}
    if passed.review.height:
        frames["review"] = passed.review
    frames |= {f"{TABLE}{name}": table for name, table in passed.tables.items()}
    files = {name: folder / f"{number:05d}-{name}.arrow" for name in frames}
    for name, frame in frames.items():
        (save_by_slices if name in RECORDS else save)(files[name], frame)
    counts = tuple((place, count) for place, (count, _) in passed.booked)
    index = {
        "counts": [[place, count.model_dump(mode="json")] for place, count in counts],
        "records": records,
        "files": {name: digest_file(path) for name, path in files.items()},
    }
    temporary = folder / f".{number:05d}.json"
    temporary.write_text(canonical(index), encoding="utf-8")
    temporary.replace(folder / f"{number:05d}.json")
    return Part(counts, records, files)


def read_part(folder: Path, number: int) -> Part | None:
    """A part that was written before, or None where it is not there as it was written."""
    with suppress(OSError, ValueError, KeyError):
        index = json.loads((folder / f"{number:05d}.json").read_bytes())
        files = {name: folder / f"{number:05d}-{name}.arrow" for name in index["files"]}
        if all(digest_file(files[name]) == written for name, written in index["files"].items()):
            counts = tuple((int(place), StageCount.model_validate(count)) for place, count in index["counts"])
            return Part(counts, int(index["records"]), files)
    return None
