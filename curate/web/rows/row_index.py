"""The index of a version: a line for every record that it knows, and for every raw row that came to no conversation.

Made once, out of shards, exam, review and ledger; `index_files.py` keeps it. No text stands in it.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from curate.ledger import END, LEAVES, ROWS
from curate.stages.quality import SCORES
from curate.store.read_version import read_manifest
from curate.web.rows.line_table import LINES, question_lines, record_lines
from schemas.manifest import Manifest
from schemas.version_files import VersionFiles

WORDS = ("kind", "lang", "ends", "file", "shard", "notes")
"""The columns that say one of a few words in every line."""
INDEX = pl.Schema([*((name, pl.String()) for name in ("key", "ends", "reason", "notes")), *LINES.items()])
"""A line of the index, sorted by `key`: the id of the record, and for a raw row without one `row_key`.

`ends` is `train`, `exam`, `review` or `dropped`, with the `reason`. `notes` are the events of the ledger that say more
than that a record went on, `STAGE:VERDICT:REASON` with spaces between them. A record without a line in a file of the
version has no `shard`, and nothing of what stands behind it.
"""
ROW_KEY = "row-{:04d}-{:010d}"
"""Sorts behind every id."""
ID, ROW = pl.col("id"), pl.col("row")


def row_key(source: int, row: int) -> str:
    """Name a raw row that came to no record, by the number of its file in the manifest, from 0."""
    return ROW_KEY.format(source, row)


def make_index(version: Path) -> pl.DataFrame:
    """Make the index, with INDEX."""
    manifest = read_manifest(version)
    ledger = pl.scan_parquet(VersionFiles(version).ledger)
    lines = pl.concat([pl.DataFrame(schema=LINES), *_lines(version, manifest)]).unique("id", keep="first")
    ends = ledger.filter(pl.col("stage") == END).select("id", "file", "row", ends="verdict", reason="reason").collect()
    records = _records(ends, lines, ledger).with_columns(key=ID)
    index = pl.concat([_known_kinds(records, version, manifest), _raw_rows(ends, ledger, manifest)])
    return index.with_columns(pl.col("kind", "lang", "file", "notes").fill_null("")).sort("key")


def _lines(version: Path, manifest: Manifest) -> Iterator[pl.DataFrame]:
    files = VersionFiles(version)
    yield from (record_lines(version / shard.name) for shard in manifest.trained_on() if shard.rows)
    if files.review.is_file():
        yield record_lines(files.review)
    if files.exam.is_file():
        yield question_lines(files.exam)


def _records(ends: pl.DataFrame, lines: pl.DataFrame, ledger: pl.LazyFrame) -> pl.DataFrame:
    """List the records: how each ends, what was noted of it, and where its line stands."""
    # Several rows of one record end as it does: it has as many final states, all alike.
    records = ends.filter(ID.is_not_null()).select("id", "ends", "reason").unique("id", keep="first")
    records = records.join(_notes(ledger), on="id", how="left").join(lines, on="id", how="left")

    # What has no line, or one that names no source: the ledger knows the rows it was formed of, if any.
    formed = ledger.filter((pl.col("stage") == ROWS[-1]) & ID.is_not_null()).select("id", "file", "row").collect()
    without = records.filter(pl.col("file").is_null()).select("id")
    sources = formed.join(without, on="id", how="semi").group_by("id").agg(pl.col("file").first(), ROW.min())
    records = records.join(sources, on="id", how="left", suffix="_formed")
    return records.with_columns(file=pl.coalesce("file", "file_formed"), row=pl.coalesce("row", "row_formed")).drop(
        "file_formed", "row_formed"
    )


def _notes(ledger: pl.LazyFrame) -> pl.DataFrame:
    """Write what was noted of each record into one word: few are noted in ways of their own."""
    tells = (pl.col("stage") != END) & (pl.col("reason").is_not_null() | pl.col("verdict").is_in([*LEAVES, "added"]))
    events = ledger.filter(tells & ID.is_not_null()).select("id", note=_note()).collect()
    return events.unique().sort("id", "note").group_by("id").agg(notes=pl.col("note").str.join(" "))


def _note() -> pl.Expr:
    return pl.concat_str("stage", "verdict", pl.col("reason").fill_null(""), separator=":")


def _known_kinds(records: pl.DataFrame, version: Path, manifest: Manifest) -> pl.DataFrame:
    """Say of what kind records without a line were: as their rules saw them, as their file is, or who wrote them."""
    scores = VersionFiles(version).table(SCORES)
    if scores.is_file():
        seen = pl.scan_parquet(scores).select("id", seen="kind").unique("id", keep="first").collect()
        records = records.join(seen, on="id", how="left")
    else:
        records = records.with_columns(seen=pl.lit(None, pl.String))
    writer = pl.col("notes").str.extract(r"(?:^| )(\w+):added:")
    of_file = pl.col("file").replace_strict({i.path: i.kind for i in manifest.inputs}, default=None)
    of_writer = writer.replace_strict({kind: kind for kind in ("identity", "refusal")}, default="domain")
    return records.with_columns(
        kind=pl.coalesce("kind", "seen", of_file.cast(pl.String), of_writer.cast(pl.String)),
        file=pl.coalesce("file", writer),
    ).select(INDEX.names())


def _raw_rows(ends: pl.DataFrame, ledger: pl.LazyFrame, manifest: Manifest) -> pl.DataFrame:
    """List the raw rows that came to no record."""
    unformed = ends.filter(ID.is_null() & ROW.is_not_null())
    left = ledger.filter(pl.col("stage").is_in(ROWS), ID.is_null(), pl.col("verdict").is_in(LEAVES))
    notes = left.select("file", "row", notes=_note()).collect().unique(["file", "row"], keep="first")
    numbers = {file.path: number for number, file in enumerate(manifest.inputs)}
    rows = unformed.join(notes, on=["file", "row"], how="left")
    keys = [row_key(numbers.get(file, 9999), row) for file, row in rows.select("file", "row").iter_rows()]
    kinds = pl.col("file").replace_strict({i.path: i.kind for i in manifest.inputs}, default="").cast(pl.String)
    rows = rows.with_columns(key=pl.Series(keys, dtype=pl.String), kind=kinds)
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in INDEX.items() if name not in rows.columns]
    return rows.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in INDEX.items())
