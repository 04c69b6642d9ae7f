"""The clusters as a version keeps them: who was taken for whose repeat, by which measure, and what was said."""

import polars as pl

from curate.duplicates.clusters import FactsOf
from curate.duplicates.compared import said
from curate.likeness import TURN, what_differs

CLUSTERS = "clusters"
TABLE = pl.Schema(
    [
        ("cluster", pl.String()),
        ("id", pl.String()),
        ("verdict", pl.String()),
        ("twin", pl.String()),
        ("jaccard", pl.Float64()),
        ("edit", pl.Float64()),
        ("differs", pl.List(pl.String)),
        ("question", pl.String()),
        ("answer", pl.String()),
    ]
)
"""A cluster is named by its first survivor. Verdicts: survivor, exact_duplicate, near_duplicate, conflict, alike.

`jaccard` and `edit` were measured against the twin, on the less alike side. `differs` names the facts that do, and
`brief` where a short side is not equal. Exact duplicates hold no text: it is that of their twin.
"""


def told(found: pl.DataFrame, compared: pl.DataFrame, facts: FactsOf, brief: int) -> pl.DataFrame:
    """The lines of `clusters`, by id instead of by place, with what was said and what differs."""
    spoken = compared.select("id", question=said("question"), answer=said("answer"))
    both = pl.concat_str(said("question", TURN), said("answer", TURN), separator=TURN, ignore_nulls=True)
    text = compared.select(both).to_series()
    measured = found.filter(pl.col("twin").is_not_null() & (pl.col("verdict") != "near_duplicate"))
    places = pl.concat([measured["place"], measured["twin"]]).unique().sort()
    fact = dict(zip(places, facts(text.gather(places).to_list()), strict=True))
    differs = [
        [*what_differs(fact[twin], fact[place]), *["brief"] * (size < brief)] if place in fact and twin in fact else []
        for place, twin, size in found.with_columns(twin=pl.when(pl.col("verdict") != "near_duplicate").then("twin"))
        .select("place", "twin", "size")
        .iter_rows()
    ]
    ids = spoken["id"]
    lines = found.with_columns(spoken[found["place"].to_list()], differs=pl.Series(differs, dtype=pl.List(pl.String)))
    lines = lines.with_columns(cluster=ids.gather(found["cluster"]), twin=ids.gather(found["twin"]))
    return lines.select(TABLE.names()).sort("cluster", "verdict", "id")


def with_exact(lines: pl.DataFrame, exact: pl.DataFrame) -> pl.DataFrame:
    """The lines with the exact duplicates, in the cluster of their twin."""
    homes = lines.select(twin="id", cluster="cluster").unique("twin", keep="first", maintain_order=True)
    more = exact.join(homes, on="twin", how="left").with_columns(cluster=pl.coalesce("cluster", "twin"))
    more = more.with_columns(verdict=pl.lit("exact_duplicate"))
    return pl.concat([lines, more], how="diagonal").select(TABLE.names()).sort("cluster", "verdict", "id")


def tried(table: pl.DataFrame, threshold: float, edit: float) -> pl.DataFrame:
    """The near duplicates at other limits, from what was measured: nothing is hashed anew.

    A record whose twin would go itself is counted as going too, where it is near that twin.
    """
    measured = table.filter((pl.col("verdict") != "exact_duplicate") & (pl.col("differs").list.len() == 0))
    return measured.filter((pl.col("jaccard") >= threshold) | (pl.col("edit") >= edit))
