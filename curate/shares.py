"""What each kind is of the training set."""

import polars as pl

from schemas.manifest import Share
from schemas.record import KINDS


def in_training() -> pl.Expr:
    """Whether a record is trained on: the exam is tagged."""
    return ~pl.col("tags").list.contains("exam")


def shares(frame: pl.DataFrame) -> list[Share]:
    """One share per kind that is there, in the order of KINDS."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    said = pl.col("messages").list.eval(content.filter(role == "assistant").str.len_chars()).list.sum()
    counted = frame.filter(in_training()).group_by("kind").agg(rows=pl.len(), chars=said.sum())
    rows, chars = counted["rows"].sum(), counted["chars"].sum()
    found = {line["kind"]: line for line in counted.iter_rows(named=True)}
    return [
        Share(
            kind=kind,
            rows=found[kind]["rows"],
            share=found[kind]["rows"] / rows,
            answer_chars=found[kind]["chars"],
            answer_share=found[kind]["chars"] / chars if chars else 0.0,
        )
        for kind in KINDS
        if kind in found
    ]
