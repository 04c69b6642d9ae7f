"""Decides over a whole column what its dates begin with, day, month or year; asks where nothing decides."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from curate.reading.clocks.cells import day_numbers
from curate.reading.clocks.steps import in_sessions, steps
from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import InputError

DateOrder = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")
NAMES = {
    "ymd": Bilingual("year-month-day", "年-月-日"),
    "dmy": Bilingual("day-month-year", "日-月-年"),
    "mdy": Bilingual("month-day-year", "月-日-年"),
}
ANY_YEAR = 2000
"""The year of dates that have none: one with 29 February."""
FEW_YEARS = 2
"""How many times as many years as another a reading may have, before its years are taken for days."""
MANY_MONTHS = 4
"""Months in which one day alone occurs, in a reading that takes the days for months."""


class Days(NamedTuple):
    """The day of each cell, from 1 January 1970, NaN where it shows none; and how the dates were read, where that had
    to be decided.
    """

    numbers: NDArray[np.float64]
    note: Bilingual


class _DateReading(NamedTuple):
    order: DateOrder
    days: NDArray[np.float64]
    years: int
    months: int
    days_of_month: int


def read_days(
    parts: pl.DataFrame, clock: NDArray[np.float64], sessions: NDArray[np.int64], settled: DateOrder | None, name: str
) -> Days:
    """Read the dates of a column, all in one order. `clock` has the seconds of each row's day, `sessions` a number for
    each session, `settled` the order that the recipe says. Raises InputError, which asks for it, where several orders
    fit and put messages into different order.
    """
    is_dated = parts["first"].is_not_null()
    is_open = is_dated & parts["fixed"].is_null()
    if not is_open.any():
        return Days(_reading(parts, "ymd").days, NOTHING)
    if settled:
        return Days(_reading(parts, settled).days, NOTHING)

    readings = _plausible([_reading(parts, order) for order in ORDERS])
    first = readings[0]
    moments = [reading.days * 86_400 + clock for reading in readings]
    if len(readings) > 1 and not _all_equal([in_sessions(sessions, moment) for moment in moments]):
        fitting = _in_order(moments, sessions)
        if len(fitting) != 1:
            raise _question(name, [reading.order for reading in readings])
        first = readings[fitting[0]]
    return Days(first.days, Bilingual(f"dates are {NAMES[first.order].en}", f"日期为{NAMES[first.order].zh}"))


def _reading(parts: pl.DataFrame, order: DateOrder) -> _DateReading:
    """Read the dates in this order, where they do not show their own."""
    first, second, third = (parts[name].fill_null(-1).to_numpy() for name in ("first", "second", "third"))
    fixed = parts["fixed"].fill_null("").to_numpy()
    own = np.where(fixed == "", order, fixed)
    has_year = parts["third"].is_not_null().to_numpy()

    day_first = own == "dmy"
    year_first = (own == "ymd") & has_year
    year = np.where(has_year, np.where(year_first, first, third), ANY_YEAR)
    month = np.where(year_first | (day_first & has_year) | (day_first & ~has_year), second, first)
    day = np.where(year_first, third, np.where(day_first, first, second))
    year = np.where((year >= 0) & (year < 100), year + 2000, year)
    if (is_last := parts["last_is_year"].to_numpy()).any():
        year = np.where(is_last & year_first, -1, year)

    days = day_numbers(year, month, day)
    is_open = ~np.isnan(days) & (fixed == "")
    counts = (len(np.unique(column[is_open])) for column in (year, month, day))
    return _DateReading(order, days, *counts)


def _plausible(readings: Sequence[_DateReading]) -> list[_DateReading]:
    """Leave out readings in which a date is none that others can read, or whose years or months look like days."""
    valid = [int(np.count_nonzero(~np.isnan(reading.days))) for reading in readings]
    left = [reading for reading, n in zip(readings, valid, strict=True) if n == max(valid)]
    years = min(reading.years for reading in left)
    left = [reading for reading in left if reading.years <= FEW_YEARS * years]
    turned = [reading for reading in left if reading.days_of_month == 1 and reading.months >= MANY_MONTHS]
    return left if len(turned) == len(left) else [reading for reading in left if reading not in turned]


def _all_equal(orders: Sequence[NDArray[np.int64]]) -> bool:
    return all(np.array_equal(orders[0], order) for order in orders[1:])


def _in_order(moments: Sequence[NDArray[np.float64]], sessions: NDArray[np.int64]) -> list[int]:
    """Find the readings by which the file runs one way from end to end; where none does, those by which each session
    does.
    """
    whole = [index for index, moment in enumerate(moments) if _runs_one_way(*steps(moment, None))]
    return whole or [index for index, moment in enumerate(moments) if _runs_one_way(*steps(moment, sessions))]


def _runs_one_way(up: int, down: int) -> bool:
    return (up == 0) != (down == 0)


def _question(name: str, orders: Sequence[DateOrder]) -> InputError:
    fits_en, fits_zh = (" or ".join(NAMES[o].en for o in orders), "或".join(NAMES[o].zh for o in orders))
    example = f"time: {{column: {name}, order: {orders[-1]}}}"
    return InputError(
        f"column '{name}': its dates may be {fits_en}, and each puts the messages into another order; say which in the "
        f"format of this input, as in `{example}` ({', '.join(orders)})",
        f"列“{name}”的日期可能是{fits_zh}，不同读法的消息顺序不同；请在此输入的 format 中写明，例如 `{example}`"
        f"（可选 {'、'.join(orders)}）",
    )
