"""What stages made of a block of records, on the disk: read at the end of the build, and used again by the next one."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from curate.build.frames_on_disk import load, save, save_by_slices
from schemas.digest import canonical, digest_file
from schemas.manifest import StageCount

TABLE = "table-"
RECORDS = ("kept", "review")
"""The outputs of which no table of a version is made."""


class BookedStage(NamedTuple):
    """The numbers and the events of a stage, with its position in the recipe; those that see raw rows come below 0."""

    position: int
    stage_count: StageCount
    events: pl.DataFrame


class NumberedCount(NamedTuple):
    """The numbers of a stage, with its position in the recipe."""

    position: int
    stage_count: StageCount


@dataclass(frozen=True)
class StagesOutcome:
    """What stages made of records: what goes on, what is booked, what waits for a person, and what they measured."""

    kept: pl.DataFrame
    booked: tuple[BookedStage, ...]
    review: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class BlockOutput:
    """The same on the disk: Arrow files by what they hold (`kept`, `events`, `review`, `table-<name>`)."""

    counts: tuple[NumberedCount, ...]
    records: int
    """Conversations that the stages were given."""
    files: Mapping[str, Path]

    def kept(self) -> pl.DataFrame:
        """Load the records that go on."""
        return load(self.files["kept"])

    def events(self) -> pl.DataFrame:
        """Load what happened to the records."""
        return load(self.files["events"])

    def tables(self) -> dict[str, Path]:
        """The files of what was measured, by the name of the table."""
        return {name.removeprefix(TABLE): path for name, path in self.files.items() if name.startswith(TABLE)}


def write_output(folder: Path, number: int, outcome: StagesOutcome, records: int) -> BlockOutput:
    """Write the output of block `number`; its index comes last, so that half of an output is none."""
    frames = {"kept": outcome.kept, "events": pl.concat([booked.events for booked in outcome.booked])}
    if outcome.review.height:
        frames["review"] = outcome.review
    frames |= {f"{TABLE}{name}": table for name, table in outcome.tables.items()}

    files = {name: folder / f"{number:05d}-{name}.arrow" for name in frames}
    for name, frame in frames.items():
        (save_by_slices if name in RECORDS else save)(files[name], frame)

    counts = tuple(NumberedCount(booked.position, booked.stage_count) for booked in outcome.booked)
    index = {
        "counts": [[number, count.model_dump(mode="json")] for number, count in counts],
        "records": records,
        "files": {name: digest_file(path) for name, path in files.items()},
    }
    temporary = folder / f".{number:05d}.json"
    temporary.write_text(canonical(index), encoding="utf-8")
    temporary.replace(folder / f"{number:05d}.json")
    return BlockOutput(counts, records, files)


def read_output(folder: Path, number: int) -> BlockOutput | None:
    """Read an output that was written before; None where it is not there as it was written."""
    with suppress(OSError, ValueError, KeyError):
        index = json.loads((folder / f"{number:05d}.json").read_bytes())
        files = {name: folder / f"{number:05d}-{name}.arrow" for name in index["files"]}
        if all(digest_file(files[name]) == written for name, written in index["files"].items()):
            counts = [NumberedCount(int(number), StageCount.model_validate(count)) for number, count in index["counts"]]
            return BlockOutput(tuple(counts), int(index["records"]), files)
    return None
