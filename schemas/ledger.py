"""The ledger: what became of every row and of every record, and why."""

from typing import Literal, get_args

import polars as pl

Verdict = Literal["added", "kept", "fixed", "dropped", "review", "train", "exam"]
"""`fixed` is a note beside `kept`: the record goes on, changed. All others say where it went."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

EVENTS = pl.Schema(
    {
        "stage": pl.String,
        "verdict": pl.String,
        "reason": pl.String,
        "id": pl.String,
        "file": pl.String,
        "row": pl.Int64,
        "score": pl.Float64,
        "twin": pl.String,
        "by": pl.String,
    }
)
"""One event.

`reason` is the name of the rule or of the step, in the words of the catalog. `id` is the record (empty where there
is none), `file` and `row` the raw row (empty after sessions are formed: the id leads back to the rows). `score` is
the evidence a rule measured, `twin` the record that this one repeats or
the question of a paper that it is near, `by` the person who decided. No event holds the
text of a row. The ledger of a version has `digest` besides, that of the raw file.
"""


def events_of(frame: pl.DataFrame, stage: str, verdict: Verdict) -> pl.DataFrame:
    """Build events with the columns of EVENTS; those that `frame` lacks are empty, others are left behind."""
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in EVENTS.items()
        if name not in ("stage", "verdict")
    ]
    return frame.select(columns).with_columns(stage=pl.lit(stage), verdict=pl.lit(verdict)).select(EVENTS.names())
