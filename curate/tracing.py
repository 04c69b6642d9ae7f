"""The life of a row or a record, from the ledger of a version."""

import re
from pathlib import Path

import polars as pl

ROW = re.compile(r"(?P<file>.+):(?P<row>\d+)")


def life_of(version: Path, what: str) -> pl.DataFrame:
    """The events of one record (its id, or at least eight letters of it) or of one raw row (`FILE:ROW`), in order.

    `FILE` is the path in the recipe, or the end of it. For a row, the events of its record are among them, and for a
    record those of its rows. Empty when the ledger knows neither.
    """
    ledger = pl.scan_parquet(version / "ledger.parquet").with_row_index("step")
    if match := ROW.fullmatch(what):
        here = (pl.col("row") == int(match["row"])) & pl.col("file").str.ends_with(match["file"])
    elif re.fullmatch(r"[0-9a-f]{8,32}", what):
        here = pl.col("id").str.starts_with(what)
    else:
        return ledger.head(0).collect()
    ids = ledger.filter(here & pl.col("id").is_not_null()).select("id").unique().collect()["id"]
    return ledger.filter(here | pl.col("id").is_in(ids.implode())).sort("step").drop("step").collect()
