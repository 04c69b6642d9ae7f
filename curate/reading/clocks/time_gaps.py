"""Cuts the messages of one user into sessions where nothing was said for a while."""

import polars as pl


def cut_at_gaps(turns: pl.DataFrame, seconds: pl.Series, minutes: float) -> pl.DataFrame:
    """Cut the turns of each user (in `session`) into sessions `user#0`, `user#1`, … in the order of their times.

    `turns` has the columns of TURNS, `seconds` the time of each; a new session begins after a gap of more than
    `minutes`. The turns stay in their order.
    """
    # A gap is the difference to the turn before it in time; the first turn of a user has none. The number of a session
    # is how many gaps that are long enough came before: a running sum.
    gap = pl.col("seconds") - pl.col("seconds").shift(1).over("session")
    is_first = (gap > minutes * 60).fill_null(False)
    return (
        turns.with_columns(seconds=seconds, order=pl.int_range(pl.len()))
        .sort("session", "seconds", maintain_order=True)
        .with_columns(number=is_first.cum_sum().over("session"))
        .sort("order")
        .with_columns(session=pl.format("{}#{}", "session", "number"))
        .drop("seconds", "order", "number")
    )
