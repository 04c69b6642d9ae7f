"""The clusters as a version keeps them: who was taken for whose repeat, by which measure, and what was said."""

import numpy as np
import polars as pl

from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.sides import side_text
from curate.duplicates.similarity.batches import in_batches
from curate.duplicates.texts.facts import Facts

DIFFERENCES = (*Facts._fields, "brief")
CLUSTERS = "clusters"
CLUSTER_TABLE = pl.Schema(
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
`brief` where a short side is not equal. Exact duplicates hold no text: it is that of their twin, which may have been
dropped itself, as near another one.
"""


def cluster_lines(matches: pl.DataFrame, frame: pl.DataFrame, order: pl.Series) -> pl.DataFrame:
    """Write the lines of `clusters`: ids instead of indices, with both sides; `order` says where in the frame."""
    ids = frame["id"].gather(order)
    messages = frame.select("messages")[order.gather(matches["index"])]
    texts = in_batches(messages, lambda batch: batch.select(question=side_text("question"), answer=side_text("answer")))
    columns = {"id": "index", "cluster": "cluster", "twin": "twin"}
    named = {name: ids.gather(matches[index]) for name, index in columns.items()}
    return matches.with_columns(*texts, **named).select(CLUSTER_TABLE.names()).sort("cluster", "verdict", "id")


def differences(matches: pl.DataFrame, facts: FactCodes, brief: int) -> pl.Series:
    """Name what keeps each line from being a repeat of its twin; nothing for one that has none, or is one."""
    apart = pl.col("twin").is_not_null() & (pl.col("verdict") != "near_duplicate")
    lines = matches.with_row_index("line").filter(apart)
    unequal = facts.unequal(lines["index"].to_numpy(), lines["twin"].to_numpy())
    flags = np.column_stack([unequal, lines["size"].to_numpy() < brief])

    # each combination of differences is a number, bit by bit: the few lists that there can be are built once
    number = np.zeros(matches.height, np.int64)
    number[lines["line"].to_numpy()] = flags @ (1 << np.arange(len(DIFFERENCES)))
    lists = [
        [name for bit, name in enumerate(DIFFERENCES) if combination >> bit & 1]
        for combination in range(1 << len(DIFFERENCES))
    ]
    return pl.Series("differs", lists, dtype=pl.List(pl.String)).gather(number)


def with_exact(lines: pl.DataFrame, exact: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Add the exact duplicates to the lines, each in the cluster of the record that says the same: that is its twin.

    A record that has nothing but exact duplicates gets its line here.
    """
    same = pl.coalesce("same", "twin")
    repeats = exact.select("id", "twin").join(_same_text(lines, exact, frame), on="id", how="left")
    repeats = repeats.select("id", twin=same)

    clusters = lines.select(twin="id", cluster="cluster").unique("twin", keep="first", maintain_order=True)
    repeats = repeats.join(clusters, on="twin", how="left").with_columns(cluster=pl.coalesce("cluster", "twin"))
    repeats = repeats.with_columns(verdict=pl.lit("exact_duplicate"), jaccard=pl.lit(1.0), edit=pl.lit(1.0))

    heads = _head_lines(frame, repeats["twin"].filter(~repeats["twin"].is_in(lines["id"].implode())))
    table = pl.concat([lines, heads, repeats], how="diagonal").select(CLUSTER_TABLE.names())
    return table.sort("cluster", "verdict", "id")


def _head_lines(frame: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Write the lines of records that only equal records repeat."""
    lines = in_batches(
        _indices(frame, ids),
        lambda batch: frame.select("id", "messages")[batch].select(
            "id", cluster="id", question=side_text("question"), answer=side_text("answer")
        ),
    )
    return lines.with_columns(verdict=pl.lit("survivor"), differs=pl.lit([], dtype=CLUSTER_TABLE["differs"]))


def _same_text(lines: pl.DataFrame, exact: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Find for each exact duplicate `same`, the record that says what it says.

    That is its survivor, or one that was dropped as near that survivor. Texts are compared by a hash, which nothing
    keeps.
    """
    near = lines.filter(pl.col("verdict") == "near_duplicate").select("twin", same="id")
    unsure = exact.select("id", "twin").join(near, on="twin", how="semi")
    candidates = pl.concat([unsure.select("twin", same="twin").unique(), near.join(unsure, on="twin", how="semi")])

    hashes = in_batches(
        _indices(frame, pl.concat([unsure["id"], candidates["same"]])),
        lambda batch: frame.select("id", "messages")[batch].select("id", hash=pl.col("messages").hash()),
    )
    candidates = candidates.join(hashes.rename({"id": "same"}), on="same")
    found = unsure.join(hashes, on="id").join(candidates, on=["twin", "hash"])

    # the survivor itself before any other
    found = found.sort("id", pl.col("same") != pl.col("twin"), "same")
    return found.unique("id", keep="first").select("id", "same")


def _indices(frame: pl.DataFrame, ids: pl.Series) -> pl.Series:
    """Find where in the frame the records of these ids stand."""
    return frame["id"].is_in(ids.implode()).arg_true()


def near_at(table: pl.DataFrame, threshold: float, edit: float) -> pl.DataFrame:
    """Choose the near duplicates at other limits, from what was measured: nothing is hashed anew.

    A record whose twin would be dropped itself is counted as dropped too, where it is near that twin.
    """
    measured = table.filter((pl.col("verdict") != "exact_duplicate") & (pl.col("differs").list.len() == 0))
    return measured.filter((pl.col("jaccard") >= threshold) | (pl.col("edit") >= edit))
