"""The clusters as a version keeps them: who was taken for whose repeat, by which measure, and what was said."""

import numpy as np
import polars as pl

from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.facts import Facts
from curate.duplicates.sides import said
from curate.duplicates.similarity.batches import by_pieces

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
`brief` where a short side is not equal. Exact duplicates hold no text: it is that of their twin, which may have gone
itself, as near another one.
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


def with_exact(lines: pl.DataFrame, exact: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The lines with the exact duplicates, each in the cluster of the row that says the same: that is its twin.

    A row of which nothing but exact duplicates was found gets its line here.
    """
    same = pl.coalesce("same", "twin")
    repeats = exact.select("id", "twin").join(_same(lines, exact, frame), on="id", how="left").select("id", twin=same)
    homes = lines.select(twin="id", cluster="cluster").unique("twin", keep="first", maintain_order=True)
    repeats = repeats.join(homes, on="twin", how="left").with_columns(cluster=pl.coalesce("cluster", "twin"))
    told_of = repeats.with_columns(verdict=pl.lit("exact_duplicate"), jaccard=pl.lit(1.0), edit=pl.lit(1.0))
    heads = _heads(frame, repeats["twin"].filter(~repeats["twin"].is_in(lines["id"].implode())))
    return pl.concat([lines, heads, told_of], how="diagonal").select(TABLE.names()).sort("cluster", "verdict", "id")


def _heads(frame: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """The lines of rows that are like no other one, but for those that are equal."""
    places = _places(frame, ids)
    told_of = by_pieces(
        places,
        lambda some: frame.select("id", "messages")[some].select(
            "id", cluster="id", question=said("question"), answer=said("answer")
        ),
    )
    return told_of.with_columns(verdict=pl.lit("survivor"), differs=pl.lit([], dtype=TABLE["differs"]))


def _same(lines: pl.DataFrame, exact: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """`same`, the row that says what an exact duplicate says: its survivor, or one that went as near that survivor."""
    near = lines.filter(pl.col("verdict") == "near_duplicate").select("twin", same="id")
    asked = exact.select("id", "twin").join(near, on="twin", how="semi")
    able = pl.concat([asked.select("twin", same="twin").unique(), near.join(asked, on="twin", how="semi")])
    places = _places(frame, pl.concat([asked["id"], able["same"]]))
    hashes = by_pieces(
        places, lambda some: frame.select("id", "messages")[some].select("id", said=pl.col("messages").hash())
    )
    able = able.join(hashes.rename({"id": "same"}), on="same")
    found = asked.join(hashes, on="id").join(able, on=["twin", "said"])
    return found.sort("id", pl.col("same") != pl.col("twin"), "same").unique("id", keep="first").select("id", "same")


def _places(frame: pl.DataFrame, ids: pl.Series) -> pl.Series:
    return frame["id"].is_in(ids.implode()).arg_true()


def tried(table: pl.DataFrame, threshold: float, edit: float) -> pl.DataFrame:
    """The near duplicates at other limits, from what was measured: nothing is hashed anew.

    A record whose twin would go itself is counted as going too, where it is near that twin.
    """
    measured = table.filter((pl.col("verdict") != "exact_duplicate") & (pl.col("differs").list.len() == 0))
    return measured.filter((pl.col("jaccard") >= threshold) | (pl.col("edit") >= edit))
