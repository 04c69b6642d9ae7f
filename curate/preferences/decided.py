"""What people decided about the records of a version, as its ledger has it."""

from pathlib import Path

import polars as pl

from curate.publish.export import training_rows
from curate.stages.review import SAYS
from curate.store.read_version import read_manifest
from schemas.review import Decision
from schemas.version_files import VersionFiles

REVIEW = "review"
"""The stage that does what people decided."""


def decided(version: Path, decision: Decision) -> list[str]:
    """List the ids of the records about which people agreed on this, in order."""
    verdict, reason = SAYS[decision]
    events = pl.scan_parquet(VersionFiles(version).ledger).filter(stage=REVIEW, verdict=verdict, reason=reason)
    return events.select("id").collect()["id"].drop_nulls().unique().sort().to_list()


def trained_on(version: Path, ids: list[str]) -> pl.DataFrame:
    """Read those of the records that are in the training set, by id."""
    if not ids:
        return pl.DataFrame(schema={"id": pl.String})
    return training_rows(version, read_manifest(version)).filter(pl.col("id").is_in(ids))
