"""What each kind is of the training set."""

import polars as pl

from schemas.manifest import Share
from schemas.record import KINDS


def in_training() -> pl.Expr:
    """Whether a record is trained on: the exam is tagged."""
    return ~pl.col("tags").list.contains("exam")


def counted(frame: pl.DataFrame) -> pl.DataFrame:
    """Training records and the characters that the assistant says in them, by kind: `kind`, `rows`, `chars`."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    said = pl.col("messages").list.eval(content.filter(role == "assistant").str.len_chars()).list.sum()
    return frame.filter(in_training()).group_by("kind").agg(rows=pl.len(), chars=said.cast(pl.Int64).sum())


def shares(pieces: list[pl.DataFrame]) -> list[Share]:
    """One share per kind that is there, in the order of KINDS, from what was counted piece by piece."""
    sums = pl.concat(pieces).group_by("kind").sum()
    rows, chars = sums["rows"].sum(), sums["chars"].sum()
    found = {line["kind"]: line for line in sums.iter_rows(named=True)}
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
