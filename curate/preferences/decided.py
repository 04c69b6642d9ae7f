"""What people decided about the records of a version, as its ledger has it."""

from pathlib import Path

import polars as pl

from curate.history.unedited import RowsOfRecord
from curate.publish.export import training_rows
from curate.store.read_version import read_manifest
from schemas.version_files import VersionFiles

REVIEW = "review"
"""The stage that does what people decided."""


def decided(version: Path, verdict: str) -> list[str]:
    """List the ids of the records of which the ledger books this verdict for the review, in order: `kept` what was
    accepted, `fixed` what was edited, `dropped` what was rejected.
    """
    is_meant = (pl.col("stage") == REVIEW) & (pl.col("verdict") == verdict)
    ids = pl.scan_parquet(VersionFiles(version).ledger).filter(is_meant).select("id").collect()["id"]
    return ids.drop_nulls().unique().sort().to_list()


def raw_rows_of(version: Path, ids: list[str]) -> dict[str, RowsOfRecord]:
    """Find where records came from, by id; what was written by an augmenter came from no row."""
    ledger = pl.scan_parquet(VersionFiles(version).ledger)
    rows = (
        ledger.filter(pl.col("id").is_in(ids), pl.col("row").is_not_null())
        .group_by("id")
        .agg(pl.col("file").first(), pl.col("row").unique().sort())
        .collect()
    )
    return {id: RowsOfRecord(file, tuple(numbers)) for id, file, numbers in rows.iter_rows()}


def trained_on(version: Path, ids: list[str]) -> pl.DataFrame:
    """Read those of the records that are in the training set, by id."""
    if not ids:
        return pl.DataFrame(schema={"id": pl.String})
    return training_rows(version, read_manifest(version)).filter(pl.col("id").is_in(ids))
