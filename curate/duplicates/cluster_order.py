"""The order in which people read the tables of clusters and of conflicts: what stays first, then what is like it."""

from pathlib import Path

import polars as pl

from curate.duplicates.cluster_table import CLUSTERS
from curate.duplicates.contradictions import CONFLICTS
from schemas.errors import InputError
from schemas.version_files import VersionFiles

STAGES = {CLUSTERS: "dedup", CONFLICTS: "conflict"}
"""The stage that writes each table."""

HELPERS = ("lead", "text", "stays")
"""Columns by which the lines of a cluster are ordered; they are for nobody to read."""
ROLES = ("winner", "review", "dropped", "noted")
"""The roles in the table of conflicts: the proposed answer first."""


def read_table(version: Path, name: str) -> pl.DataFrame:
    """Read a table of the version. InputError where no stage of its recipe writes it."""
    path = VersionFiles(version).table(name)
    if not path.is_file():
        stage = STAGES[name]
        raise InputError(
            f"{version.name[:12]} holds no {name}: its recipe does not run `{stage}`; add it to `stages` and build",
            f"{version.name[:12]} 中没有 {name}：其配方没有 `{stage}` 阶段；请把它加进 `stages` 再构建",
        )
    return pl.read_parquet(path)


def in_families(table: pl.DataFrame) -> pl.DataFrame:
    """Order the clusters of more than one: the largest first, ties by name, each record behind what it repeats.

    What is alike and stays is in no cluster, but heads one where another record was dropped for it.
    """
    table = _with_survivors(table)
    verdict, is_exact = pl.col("verdict"), pl.col("verdict") == "exact_duplicate"
    distinct = table.filter(~is_exact).select("id", "verdict", "twin")

    # 1. The twin of each record, and what became of that twin: where it was dropped as near, its own twin is `further`
    twins = distinct.rename({"id": "twin", "verdict": "of", "twin": "further"})
    lines = table.join(twins, on="twin", how="left")

    # 2. `lead`: the record that stays in the end; `text`: the record with the same text, itself unless it is equal
    #    to another; `stays`: the verdict of the lead
    of_near = is_exact & (pl.col("of") == "near_duplicate")
    lead = pl.when(of_near).then("further").when(is_exact | (verdict == "near_duplicate")).then("twin").otherwise("id")
    lines = lines.with_columns(lead=lead, text=pl.when(is_exact).then("twin").otherwise("id"))
    lines = lines.join(distinct.select(lead="id", stays="verdict"), on="lead", how="left")

    # 3. What is alike heads a cluster of its own; clusters of one are no news
    lines = lines.with_columns(cluster=pl.when(pl.col("stays") == "alike").then("lead").otherwise("cluster"))
    lines = lines.with_columns(size=pl.len().over("cluster").cast(pl.Int64)).filter(pl.col("size") > 1)

    # 4. Survivor first, then each lead with what was dropped for it, equal records behind the text that they equal
    within = (pl.col("stays") != "survivor", "lead", pl.col("text") != pl.col("lead"), "text", is_exact, "id")
    return lines.sort(-pl.col("size"), "cluster", *within).drop("of", "further")


def _with_survivors(table: pl.DataFrame) -> pl.DataFrame:
    """Add the survivors that have no line: older builds left out those that only equal records repeat."""
    twins = table.filter(pl.col("verdict") == "exact_duplicate").select("cluster", id="twin").unique()
    missing = twins.join(table, on="id", how="anti").with_columns(verdict=pl.lit("survivor"))
    return pl.concat([table, missing], how="diagonal")


def by_role(table: pl.DataFrame) -> pl.DataFrame:
    """Order the table of conflicts: each question once, the proposed answer first, then what contradicts it."""
    order = pl.col("role").replace_strict({name: n for n, name in enumerate(ROLES)}, return_dtype=pl.Int64)
    return table.sort("cluster", order, "id")
