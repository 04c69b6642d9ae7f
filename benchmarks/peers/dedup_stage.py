"""The stage `dedup` as a recipe has it, with all its defaults. CORES says how many."""

import os
from pathlib import Path

import polars as pl
from measured import measure

from curate.stages import Tools
from curate.stages.dedup import Dedup
from schemas.frame import SCHEMA
from schemas.identity import Identity

CORES = int(os.environ.get("CORES", "1"))


def frame(path: Path) -> pl.DataFrame:
    """Make records of a question and its answer, each with an id of its own."""
    texts = pl.read_ndjson(path)["text"].str.splitn("\n", 2).struct.rename_fields(["user", "assistant"]).struct.unnest()
    turns = [pl.struct(role=pl.lit(role), content=pl.col(role)) for role in texts.columns]
    number = pl.int_range(pl.len()).cast(pl.String).str.zfill(8)
    records = texts.select(
        id=number,
        messages=pl.concat_list(turns),
        kind=pl.lit("domain"),
        lang=pl.lit("zh"),
        source=pl.struct(file=pl.lit("corpus"), digest=pl.lit(""), rows=pl.concat_list(pl.int_range(1, pl.len() + 1))),
        parent=pl.lit(None, pl.String),
        group=number,
        tags=pl.lit([], pl.List(pl.String)),
    )
    return records.cast(dict(SCHEMA))


def kept(path: Path, scratch: Path) -> int:
    return Dedup().run(frame(path), Tools(seed=7, identity=Identity(), folder=scratch)).kept.height


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    measure("hornbook", "dedup", kept)
