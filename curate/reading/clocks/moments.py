"""Reads the columns of times that a recipe names: what sorts each row among the others, and its time in seconds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from curate.reading.clocks.cells import ADAYS, EARLIEST, MAC_DAYS, SERIALS, folded, take_apart
from curate.reading.clocks.dates import read_days
from curate.reading.clocks.half_days import over_midnight, with_halves, without_halves
from schemas.bilingual import Bilingual
from schemas.formats._sessions import TimeColumns

ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dt%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M")
"""Layouts that most exports have, tried on a whole column first."""
NUMBER = r"^[+-]?\d+(?:[.,]\d+)?$"
COMPACT = r"^(?:19[89]\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6}|\d{9})?$"
"""A date in digits alone, with its clock or without: 20240305093000."""
EPOCHS = ((1e18, 1e9), (1e15, 1e6), (1e12, 1e3), (7e8, 1.0))
"""From which number on a column counts nanoseconds, microseconds, milliseconds or seconds from 1970."""
PLAUSIBLE, SPREAD = 1.6e9, 5e8
"""Seconds from 1970 around which logs lie, 2004 to 2036."""
MOST = 0.5
"""The share of cells that must be read in one way before the column is read so."""
DIGITS = re.compile(r"[0-9]+")
WIDTH = 20
LONG_NUMBER = r"^(?:[2-9]\d{15}|\d{17,})$"
"""More digits than a float holds exactly; microseconds from 1970 have fewer."""
DAY = 86_400


class Moments(NamedTuple):
    """What sorts the rows: the first key before the second, and so on, NaN where a row has none. `seconds` is the time
    from 1970 (or from midnight, where the column has no dates) as far as it is one; `notes` say how it was read.
    """

    keys: tuple[NDArray[np.float64], ...]
    seconds: NDArray[np.float64]
    notes: tuple[Bilingual, ...]
    is_clock: bool
    """Whether the first key is a time, not a number or a text."""

    def chosen(self, rows: NDArray[np.bool_]) -> "Moments":
        """Leave out all other rows."""
        return self._replace(keys=tuple(key[rows] for key in self.keys), seconds=self.seconds[rows])


@dataclass(frozen=True)
class _Column:
    key: NDArray[np.float64]
    seconds: NDArray[np.float64]
    notes: tuple[Bilingual, ...]
    is_clock: bool


def read_moments(cells: Sequence[pl.Series], sessions: NDArray[np.int64], time: TimeColumns) -> Moments:
    """Read the columns of `time`, one series of texts each. `sessions` has a number for the session of each row.

    A column of dates and the one of clocks beside it are read as one. Raises InputError, which names column and
    setting, where it must be asked what a column means.
    """
    columns = [_read(texts, sessions, time, name) for texts, name in _joined([folded(c) for c in cells], time.columns)]
    first = columns[0]
    return Moments(
        tuple(column.key for column in columns),
        first.seconds,
        tuple(note for column in columns for note in column.notes if note.en),
        first.is_clock,
    )


def _joined(cells: Sequence[pl.Series], names: Sequence[str]) -> list[tuple[pl.Series, str]]:
    """Join a column of dates and those of clocks and half days behind it, as they would stand in one cell."""
    joined = [(cells[0], names[0])]
    for texts, name in zip(cells[1:], names[1:], strict=True):
        before, joint_name = joined[-1]
        if (_lacks_clock(before) and (not _are_numbers(texts) or are_run_together(texts))) or _are_halves(texts):
            both = pl.select(pl.concat_str(before, texts, separator=" ", ignore_nulls=True)).to_series()
            joined[-1] = both.set(before.is_null(), None), joint_name
        else:
            joined.append((texts, name))
    return joined


def _lacks_clock(texts: pl.Series) -> bool:
    sample = texts.drop_nulls().head(200)
    if _are_numbers(sample) and not sample.str.contains(COMPACT).all():
        return False
    parts = take_apart(sample)
    dated = parts["first"].is_not_null()
    return bool(dated.sum() > MOST * len(sample) and (dated & parts["clock"].is_null()).sum() > MOST * len(sample))


def _are_numbers(texts: pl.Series) -> bool:
    written = texts.drop_nulls().head(200)
    return len(written) > 0 and bool(written.str.contains(NUMBER).all())


def are_run_together(texts: pl.Series) -> bool:
    """Tell whether all cells are clocks without anything between their numbers: 093000."""
    written = texts.drop_nulls().head(200)
    return len(written) > 0 and bool(written.str.contains(r"^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$").all())


def _are_halves(texts: pl.Series) -> bool:
    written = texts.drop_nulls().head(200)
    return len(written) > 0 and bool(written.str.contains(r"^(?:[ap]\.?\s?m\.?|\p{Han}{2}|오전|오후)$").all())


def _read(texts: pl.Series, sessions: NDArray[np.int64], time: TimeColumns, name: str) -> _Column:
    """Read one column: times, else numbers, else texts whose runs of digits are compared as numbers."""
    if (seconds := _iso(texts)) is not None:
        return _Column(seconds, seconds, (), True)
    written = len(texts) - texts.null_count()
    is_number = texts.str.contains(NUMBER).fill_null(False)
    is_compact = texts.str.contains(COMPACT).fill_null(False)
    is_plain = is_number & ~is_compact if (is_number & ~is_compact).sum() < MOST * written else is_number
    if is_plain.sum() == written:
        return _numbers(texts, time)

    moments, notes, has_days = _times(texts.set(is_plain, None), sessions, time, name)
    if is_plain.any() and has_days:
        days = _floats(texts.set(~is_plain, None))
        moments = np.where(np.isnan(moments), _from_numbers(days, time), moments)
    if np.count_nonzero(~np.isnan(moments)) > MOST * written:
        return _Column(moments, moments, notes, True)
    return _texts(texts)


def _iso(texts: pl.Series) -> NDArray[np.float64] | None:
    """Read a column that is ISO text from end to end, the fast way; None where one cell is not."""
    start = texts.drop_nulls().head(1)
    for layout in ISO:
        if len(start) and not start.str.to_datetime(layout, strict=False).null_count():
            read = texts.str.to_datetime(layout, strict=False, time_unit="us")
            if read.null_count() == texts.null_count() and not (read.dt.year() < EARLIEST).any():
                return (read.dt.epoch("us") / 1e6).fill_null(float("nan")).to_numpy()
    return None


def _times(
    texts: pl.Series, sessions: NDArray[np.int64], time: TimeColumns, name: str
) -> tuple[NDArray[np.float64], tuple[Bilingual, ...], bool]:
    """Read cells of dates and clocks in seconds; and say whether they have dates."""
    parts = take_apart(texts)
    written = np.nan_to_num(parts["clock"].fill_null(float("nan")).to_numpy(), nan=0.0)
    has_clock = parts["clock"].is_not_null().to_numpy()
    clock = with_halves(written, parts["half"])
    days, note = read_days(parts, clock, sessions, time.order, name)

    notes = [note]
    has_days = bool(np.count_nonzero(~np.isnan(days)) >= MOST * np.count_nonzero(has_clock))
    if not has_days:
        days = np.where(has_clock, 0.0, np.nan)
        clock = over_midnight(clock, sessions, has_clock)
    if parts["half"].null_count() == len(parts) and has_clock.any():
        shown = np.where(has_clock & ~np.isnan(days), clock, np.nan)
        adjusted, other = without_halves(shown, days, sessions, time.opens, name)
        clock = np.nan_to_num(adjusted)
        notes.append(other)
    offset = parts["offset"].fill_null(0).to_numpy()
    return days * DAY + clock - offset, tuple(notes), has_days


def _numbers(texts: pl.Series, time: TimeColumns) -> _Column:
    """Read a column of nothing but numbers: they sort as they are, whatever they count."""
    if texts.str.contains(LONG_NUMBER).any():
        column, seconds = _texts(texts), _from_numbers(_floats(texts), time)
        is_epoch = bool((np.abs(seconds[~np.isnan(seconds)] - PLAUSIBLE) < SPREAD).all())
        return replace(column, seconds=seconds, is_clock=True) if is_epoch else column
    numbers = _floats(texts)
    seconds = _from_numbers(numbers, time)
    if _counts_in_several_units(numbers):
        return _Column(seconds, seconds, (), True)
    is_time = np.count_nonzero(~np.isnan(seconds)) > MOST * np.count_nonzero(~np.isnan(numbers))
    return _Column(numbers, seconds, (), bool(is_time))


def _counts_in_several_units(numbers: NDArray[np.float64]) -> bool:
    """Tell whether all numbers count from 1970, but not all in the same unit."""
    written = numbers[~np.isnan(numbers)]
    fits = [np.abs(written / unit - PLAUSIBLE) < SPREAD for _, unit in EPOCHS]
    return sum(bool(fit.any()) for fit in fits) > 1 and bool(np.any(fits, axis=0).all())


def _from_numbers(numbers: NDArray[np.float64], time: TimeColumns) -> NDArray[np.float64]:
    """Read numbers as days of a spreadsheet, or as what has passed since 1970; NaN for others."""
    seconds = np.full(len(numbers), np.nan)
    shift = MAC_DAYS if time.epoch == 1904 else 0
    with np.errstate(invalid="ignore"):
        is_day = (numbers >= SERIALS[0]) & (numbers <= SERIALS[1])
        seconds[is_day] = np.round((numbers[is_day] + shift - ADAYS) * DAY, 3)
        for least, unit in EPOCHS:
            is_epoch = np.isnan(seconds) & (numbers >= least)
            seconds[is_epoch] = numbers[is_epoch] / unit
    return seconds


def _floats(texts: pl.Series) -> NDArray[np.float64]:
    return texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()


def _texts(texts: pl.Series) -> _Column:
    """Sort by the texts, with every number in them at full width."""
    padded = [text and DIGITS.sub(lambda run: run[0].zfill(WIDTH), text) for text in texts.to_list()]
    ranks = pl.Series(padded, dtype=pl.String).rank("dense").cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return _Column(ranks, np.full(len(texts), np.nan), (), False)
