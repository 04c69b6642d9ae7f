"""The clusters as a version keeps them: who was taken for whose repeat, by which measure, and what was said."""

import polars as pl

from curate.duplicates.compared import said
from curate.duplicates.fact_codes import FactCodes

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


def told(found: pl.DataFrame, compared: pl.DataFrame, facts: FactCodes, brief: int) -> pl.DataFrame:
    """The lines of `clusters`, by id instead of by place, with what was said and what differs."""
    spoken = compared[found["place"].to_list()].select("id", question=said("question"), answer=said("answer"))
    ids = compared["id"]
    lines = found.with_columns(spoken, cluster=ids.gather(found["cluster"]), twin=ids.gather(found["twin"]))
    lines = lines.with_columns(differs=_differs(found, facts, brief))
    return lines.select(TABLE.names()).sort("cluster", "verdict", "id")


def _differs(found: pl.DataFrame, facts: FactCodes, brief: int) -> pl.Series:
    """What keeps each line from being a repeat of its twin; nothing for one that has none, or is one."""
    asked = (found["twin"].is_not_null() & (found["verdict"] != "near_duplicate")).arg_true().to_numpy()
    lines = found[asked.tolist()]
    differ = facts.differ(lines["place"].to_numpy(), lines["twin"].to_numpy())
    differs: list[list[str]] = [[] for _ in range(found.height)]
    for line, names, size in zip(asked.tolist(), differ, lines["size"], strict=True):
        differs[line] = [*names, *["brief"] * (size < brief)]
    return pl.Series(differs, dtype=pl.List(pl.String))


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
