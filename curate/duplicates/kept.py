"""The clusters as a version keeps them: who was taken for whose repeat, by which measure, and what was said."""

import numpy as np
import polars as pl

from curate.duplicates.compared import said
from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.pieces import by_pieces
from curate.likeness import Facts

NAMES = (*Facts._fields, "brief")
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


def told(found: pl.DataFrame, frame: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """The lines of `clusters`, by id instead of by place, with what was said; `places` are those in the frame."""
    ids = frame["id"].gather(places)
    spoken = frame.select("messages")[places.gather(found["place"])]
    spoken = by_pieces(spoken, lambda some: some.select(question=said("question"), answer=said("answer")))
    named = {name: ids.gather(found[of]) for name, of in (("id", "place"), ("cluster", "cluster"), ("twin", "twin"))}
    return found.with_columns(*spoken, **named).select(TABLE.names()).sort("cluster", "verdict", "id")


def differing(found: pl.DataFrame, facts: FactCodes, brief: int) -> pl.Series:
    """What keeps each line from being a repeat of its twin; nothing for one that has none, or is one."""
    asked = found.with_row_index("line").filter(pl.col("twin").is_not_null() & (pl.col("verdict") != "near_duplicate"))
    unequal = facts.unequal(asked["place"].to_numpy(), asked["twin"].to_numpy())
    which = np.column_stack([unequal, asked["size"].to_numpy() < brief])
    number = np.zeros(found.height, np.int64)
    number[asked["line"].to_numpy()] = which @ (1 << np.arange(len(NAMES)))
    lists = [[name for bit, name in enumerate(NAMES) if some >> bit & 1] for some in range(1 << len(NAMES))]
    return pl.Series("differs", lists, dtype=pl.List(pl.String)).gather(number)


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
