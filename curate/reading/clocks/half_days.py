"""Twelve-hour clocks: AM and PM in several languages, and clocks that leave them out."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from curate.reading.clocks.steps import in_sessions, steps
from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import InputError

HOUR = 3_600
NOON = 12 * HOUR
MORNING, AFTERNOON, MIDDAY, NIGHT, EVENING = range(1, 6)
WORDS = {
    MORNING: ("凌晨", "清晨", "早上", "早晨", "早间", "上午", "午前", "오전", "a"),
    AFTERNOON: ("下午", "午后", "午後", "傍晚", "오후", "p"),
    MIDDAY: ("中午", "正午"),
    NIGHT: ("夜里", "夜間", "夜间", "半夜", "深夜", "午夜"),
    EVENING: ("晚上", "晚间"),
}
KINDS = {word: kind for kind, words in WORDS.items() for word in words}
DAWN = 7 * HOUR
"""Where a clock has no AM and PM, hours before are in the afternoon: desks do not open earlier."""
FEW_HOURS = 6 * HOUR
"""How long no session lasts whose clock goes back: a reversed one would seem to last nearly twelve."""
KEPT = Bilingual(
    "a twelve-hour clock without AM and PM that goes back at one o'clock: the order of the rows is kept",
    "不带上午、下午的 12 小时制，过了一点就变小：保留各行原来的顺序",
)
DEEP_NIGHT, EVENING_FROM = 6 * HOUR, 18 * HOUR
"""Between them lies the night: one session with messages on both sides goes over midnight."""
HALF = 0.5


def with_halves(clock: NDArray[np.float64], halves: pl.Series) -> NDArray[np.float64]:
    """Count the seconds of the day from the clock as written and the word beside it: 12:05 AM is five past midnight."""
    if halves.null_count() == len(halves):
        return clock
    words = halves.str.replace(r"^[\d\s]*([ap])\.?\s?m.*$", "$1")
    kind = words.replace_strict(KINDS, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
    hour = clock // HOUR
    is_noon = (hour == 12) & np.isin(kind, (MORNING, NIGHT, EVENING))
    is_late = (
        ((hour < 12) & np.isin(kind, (AFTERNOON, EVENING)))
        | ((hour < 11) & (kind == MIDDAY))
        | ((hour >= 6) & (hour < 12) & (kind == NIGHT))
    )
    return clock + np.where(is_late, NOON, 0) - np.where(is_noon, NOON, 0)


def over_midnight(
    clock: NDArray[np.float64], sessions: NDArray[np.int64], has_clock: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Put what is said after midnight behind what was said before, where there are no dates: a session with messages
    late and early, and none in half a day between.
    """
    frame = pl.DataFrame({"session": sessions, "clock": np.where(has_clock, clock, np.nan)})
    known = pl.col("clock").fill_nan(None)
    early, late = known.filter(known < NOON).max(), known.filter(known >= NOON).min()
    bounds = frame.select(early=early.over("session"), late=late.over("session"))
    is_split = (bounds["early"] < DEEP_NIGHT) & (bounds["late"] >= EVENING_FROM)
    return np.where(is_split.fill_null(False).to_numpy() & (clock < NOON), clock + 2 * NOON, clock)


def without_halves(
    clock: NDArray[np.float64], days: NDArray[np.float64], sessions: NDArray[np.int64], opens: int | None, name: str
) -> tuple[NDArray[np.float64], Bilingual]:
    """Count the seconds of the day where no cell says AM or PM; and say so where the clock is one of twelve hours.

    `opens` is the hour before which it is afternoon, by the recipe. Raises InputError, which asks for it, where the
    clock has twelve hours and the rows do not stand in order either.
    """
    if opens is not None:
        return np.where(clock < opens * HOUR, clock + NOON, clock), NOTHING
    if not _may_have_twelve_hours(clock):
        return clock, NOTHING
    if (unwound := _unwound(clock, days, sessions)) is not None:
        return unwound, KEPT
    if not _is_shorter(clock, days, sessions):
        return clock, NOTHING
    later = np.where(clock < DAWN, clock + NOON, clock)
    _, down = steps(np.nan_to_num(days) * 86_400 + later, sessions)
    if down:
        raise InputError(
            f"column '{name}': a twelve-hour clock without AM and PM, and the rows stand in no order; say from which "
            f"hour on it is morning in the format of this input, as in `time: {{column: {name}, opens: 9}}` (earlier "
            "hours are in the afternoon; `opens: 0` for a clock of 24 hours)",
            f"列“{name}”是不带上午、下午的 12 小时制，而且各行没有按先后排列；请在此输入的 format 中写明上午从几点开始"
            f"，例如 `time: {{column: {name}, opens: 9}}`（更早的钟点算下午；24 小时制写 `opens: 0`）",
        )
    return later, KEPT


def _may_have_twelve_hours(clock: NDArray[np.float64]) -> bool:
    """Tell whether the hours are 1 to 12, some of them small."""
    hours = clock[~np.isnan(clock)] // HOUR
    return bool(len(hours)) and hours.min() >= 1 and hours.max() <= 12 and bool((hours < DAWN // HOUR).any())


def _unwound(
    clock: NDArray[np.float64], days: NDArray[np.float64], sessions: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Add twelve hours wherever the clock goes back from one row of a session to the next; None where no session then
    lasts a few hours only, or where the clock never goes back.
    """
    frame = pl.DataFrame({"session": sessions, "clock": clock, "moment": np.nan_to_num(days) * 2 * NOON + clock})
    step = pl.col("moment").fill_nan(None).forward_fill().diff().over("session")
    wound = frame.with_columns(turns=(step < 0).fill_null(False).cast(pl.Int64).cum_sum().over("session"))
    later = wound.with_columns(later=pl.col("moment") + pl.col("turns") * NOON)
    known = pl.col("later").fill_nan(None)
    spans = later.group_by("session").agg(span=known.max() - known.min())["span"].drop_nulls()
    if not wound["turns"].sum() or (spans >= FEW_HOURS).any():
        return None
    return later.select(pl.col("clock") + pl.col("turns") * NOON).to_series().to_numpy()


def _is_shorter(clock: NDArray[np.float64], days: NDArray[np.float64], sessions: NDArray[np.int64]) -> bool:
    """Tell whether sessions last half as long where the small hours are in the afternoon."""
    moments = np.nan_to_num(days) * 86_400 + clock
    rows = in_sessions(sessions, moments)
    rows = rows[~np.isnan(moments[rows])]
    starts = np.flatnonzero(np.r_[True, np.diff(sessions[rows]) != 0])
    spans = []
    for values in (moments[rows], moments[rows] + np.where(clock[rows] < DAWN, NOON, 0)):
        spans.append(np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts))
    is_changed = spans[0] != spans[1]
    return bool(is_changed.any()) and float(spans[1][is_changed].sum()) < HALF * float(spans[0][is_changed].sum())
