"""Finds the columns that say in what order rows were said, and whether the rows need them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from curate.reading.clocks.cells import EARLIEST, day_numbers, folded, take_apart
from curate.reading.clocks.moments import NUMBER, Moments, are_run_together, read_moments
from curate.reading.clocks.row_order import session_numbers
from curate.reading.clocks.steps import in_sessions, steps
from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import InputError
from schemas.formats._sessions import TimeColumns

FILLED = 0.9
"""The share of rows in which a column of times has one."""
DIGIT = r"[\d０-９]"
DAY = 86_400
SAMPLE = 200
"""Values looked at to tell times from other words."""
LONGEST = 7 * DAY
"""Seconds that nearly all sessions last at most, where a column of mere numbers is one of times."""
AGREES = 0.9
"""The share of steps in which a column of numbers goes with the times, where it counts the messages."""
NUMBERED = re.compile(
    r"(?i)序|行号|编号|楼|第几|轮|顺位|\bno\b|seq|index|\bidx|num|order|line|turn|step|pos|rank|msg_?no|message_?no|count"
)
"""What columns of message numbers are called."""
CLOCK_NAME = re.compile(r"(?i)时间|時間|时刻|time|clock|hour")
"""What columns of clocks are called."""
CLOCKS_DIFFER = Bilingual(
    "times and rows disagree, as where the clocks of the two sides differ: the order of the rows is kept",
    "时间与各行的顺序不一致，像是双方的时钟不同：保留各行原来的顺序",
)
NUMBERS_GO_FIRST = Bilingual(
    "times and message numbers disagree: the message numbers were followed",
    "时间与消息序号不一致：按消息序号排列",
)


@dataclass(frozen=True)
class OrderColumns:
    """The columns of `time` that the rows need, none where they stand in order. `longest` is the longest silence in a
    session in seconds, by `dated`, the columns of dates and times; `note` says what a person should know.
    """

    time: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    longest: float = 0
    note: Bilingual = NOTHING


@dataclass(frozen=True)
class _Clock:
    names: tuple[str, ...]
    moments: Moments
    has_days: bool
    has_clock: bool

    @property
    def key(self) -> NDArray[np.float64]:
        return self.moments.seconds


def are_times(values: list[str]) -> bool:
    """Tell whether nearly all values are dates or clocks, and not mere numbers."""
    texts = folded(pl.Series(values, dtype=pl.String).head(SAMPLE)).drop_nulls()
    if texts.str.contains(DIGIT).sum() < FILLED * len(texts) or texts.str.contains(NUMBER).sum() > len(texts) / 2:
        return False
    parts = take_apart(texts)
    return int((parts["first"].is_not_null() | parts["clock"].is_not_null()).sum()) >= FILLED * len(texts)


def order_columns(columns: Mapping[str, list[str]], sessions: list[str], speakers: list[str]) -> OrderColumns:
    """Find the columns that order rows of these sessions, said by these speakers. Raises InputError where a column of
    times can be read in several ways, and the rows do not stand in order by themselves.
    """
    keys = session_numbers(pl.Series(sessions, dtype=pl.String))
    sides = session_numbers(pl.Series([f"{a}\x1e{b}" for a, b in zip(sessions, speakers, strict=True)]))
    series = {name: pl.Series(values, dtype=pl.String) for name, values in columns.items()}
    numbers = {name: key for name, texts in series.items() if (key := _message_numbers(name, texts, keys)) is not None}
    question: InputError | None = None
    clock: _Clock | None = None
    try:
        clock = _clock({name: texts for name, texts in series.items() if _may_be_times(name, texts, numbers)}, keys)
    except InputError as error:
        question = error

    number = next((name for name in numbers if steps(numbers[name], keys)[1]), None)
    if question is not None:
        if number is None and not numbers:
            raise question
        return OrderColumns((number,) if number else ())
    if clock is None:
        return OrderColumns((number,) if number else ())
    dated = clock.names if clock.has_days and clock.has_clock else ()
    longest = _longest_silence(clock.key, keys) if dated else 0
    time, note = _needed(clock, numbers[number] if number else None, number, keys, sides)
    return OrderColumns(time, dated, longest, note)


def _needed(
    clock: _Clock,
    number: NDArray[np.float64] | None,
    name: str | None,
    keys: NDArray[np.int64],
    sides: NDArray[np.int64],
) -> tuple[tuple[str, ...], Bilingual]:
    """Choose the columns by which rows must be sorted, if any, and say what speaks against each other."""
    _, down = steps(clock.key, keys)
    numbered = (name,) if name is not None and number is not None else ()
    if not down:
        return ((*clock.names, *numbered) if numbered and _agree(number, clock.key, keys) else ()), NOTHING
    if not clock.has_clock:
        return numbered, NOTHING
    if number is None:
        index = np.arange(len(keys), dtype=np.float64)
        return ((), CLOCKS_DIFFER) if _clocks_differ(clock.key, index, keys, sides) else (clock.names, NOTHING)
    if _agree(number, clock.key, keys):
        return (*clock.names, *numbered), NOTHING
    return (numbered, NUMBERS_GO_FIRST) if _clocks_differ(clock.key, number, keys, sides) else (clock.names, NOTHING)


def _agree(number: NDArray[np.float64] | None, key: NDArray[np.float64], keys: NDArray[np.int64]) -> bool:
    """Tell whether the numbers go with the times in nearly all steps, or these tell no message of a session apart."""
    if number is None:
        return False
    rows = np.lexsort((number, keys))
    up, down = steps(key[rows], keys[rows])
    return up >= AGREES * (up + down)


def _clocks_differ(
    key: NDArray[np.float64], position: NDArray[np.float64], keys: NDArray[np.int64], sides: NDArray[np.int64]
) -> bool:
    """Tell whether each side's own messages stand in order by `position`, not those of both, and they take turns."""
    rows = np.lexsort((position, keys))
    up, down = steps(key[rows], sides[rows])
    if down or not up:
        return False
    by_time = in_sessions(keys, key)
    return _changes(keys[rows], sides[rows]) >= _changes(keys[by_time], sides[by_time])


def _changes(keys: NDArray[np.int64], sides: NDArray[np.int64]) -> int:
    """Count how often the other side takes the word."""
    return int(np.count_nonzero((np.diff(keys) == 0) & (np.diff(sides) != 0)))


def _clock(columns: Mapping[str, pl.Series], keys: NDArray[np.int64]) -> _Clock | None:
    """Find the column, or the two, of dates and times that tell most messages of a session apart."""
    found = [clock for name, texts in columns.items() if (clock := _read((name,), (texts,), keys))]
    whole = [clock for clock in found if clock.has_days and clock.has_clock]
    dates = [clock for clock in found if clock.has_days and not clock.has_clock]
    clocks = [clock for clock in found if clock.has_clock and not clock.has_days]
    beside = clocks[0].names if clocks else _run_together(columns)
    if not whole and dates and beside:
        names = (*dates[0].names, *beside, *_halves(columns))
        joint = _read(names, tuple(columns[name] for name in names), keys)
        whole = [joint] if joint else []
    return max(whole or clocks or dates, key=lambda clock: _told_apart(clock.key, keys), default=None)


def _run_together(columns: Mapping[str, pl.Series]) -> tuple[str, ...]:
    """Find a column of clocks like 093000, by its name, too: other numbers look like them."""
    return tuple(n for n, texts in columns.items() if are_run_together(texts) and CLOCK_NAME.search(n))[:1]


def _halves(columns: Mapping[str, pl.Series]) -> tuple[str, ...]:
    """Find a column of nothing but AM and PM."""
    half = r"(?i)^\s*(?:[ap]\.?\s?m\.?|上午|下午|午前|午後)\s*$"
    return tuple(name for name, texts in columns.items() if texts.str.contains(half).all())[:1]


def _told_apart(key: NDArray[np.float64], keys: NDArray[np.int64]) -> int:
    up, down = steps(key, keys)
    return up + down


def _read(names: tuple[str, ...], cells: tuple[pl.Series, ...], keys: NDArray[np.int64]) -> _Clock | None:
    """Read columns as times; None where they are none."""
    moments = read_moments(cells, keys, TimeColumns(column=names))
    written = ~np.isnan(moments.seconds)
    if not moments.is_clock or np.count_nonzero(written) < FILLED * len(written):
        return None
    seconds = moments.seconds[written]
    first = float(day_numbers(*(np.array([n]) for n in (EARLIEST, 1, 1)))[0]) * DAY
    has_days = bool((np.abs(seconds) >= first).all())
    has_clock = not has_days or bool((seconds % DAY != 0).any())
    if cells[0].str.contains(NUMBER).all() and _usual_span(moments.seconds, keys) > LONGEST:
        return None
    return _Clock(names, moments, has_days, has_clock)


def _may_be_times(name: str, texts: pl.Series, numbers: Mapping[str, object]) -> bool:
    if name in numbers:
        return False
    half = texts.str.contains(r"(?i)^\s*(?:[ap]\.?\s?m\.?|上午|下午|午前|午後)\s*$").all()
    return bool(half) or texts.str.contains(DIGIT).sum() >= FILLED * len(texts)


def _message_numbers(name: str, texts: pl.Series, keys: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Read a column that numbers messages: whole numbers, no two alike in a session; by its name, or since they follow
    each other in every session. None for all others.
    """
    stripped = texts.str.strip_chars()
    if not stripped.str.contains(r"^\D{0,4}\d{1,15}\D{0,4}$").all() or stripped.str.replace(r"\d+", "").n_unique() > 1:
        return None
    stripped = stripped.str.extract(r"(\d+)")
    numbers = stripped.cast(pl.Int64)
    if _usual_span(numbers.cast(pl.Float64).to_numpy(), keys) > 1e8:
        return None
    by_session = pl.DataFrame({"session": keys, "number": numbers}).group_by("session")
    counts = by_session.agg(
        n=pl.len(), distinct=pl.col("number").n_unique(), span=pl.col("number").max() - pl.col("number").min() + 1
    )
    if (counts["distinct"] < counts["n"]).any() or counts["n"].max() == 1:
        return None
    is_counted = (counts["span"] == counts["n"]).all() and counts["n"].max() > 2  # type: ignore[operator]
    return numbers.cast(pl.Float64).to_numpy() if is_counted or NUMBERED.search(name) else None


def _usual_span(key: NDArray[np.float64], keys: NDArray[np.int64]) -> float:
    """Measure from the first to the last of nine in ten sessions."""
    spans = (
        pl.DataFrame({"session": keys, "key": key})
        .group_by("session")
        .agg(span=pl.col("key").max() - pl.col("key").min())
    )
    return float(spans["span"].quantile(FILLED) or 0)


def _longest_silence(key: NDArray[np.float64], keys: NDArray[np.int64]) -> float:
    """Measure the longest time in seconds from one message to the next of its session, once they stand in order."""
    rows = in_sessions(keys, key)
    gaps = np.diff(key[rows])[np.diff(keys[rows]) == 0]
    gaps = gaps[~np.isnan(gaps)]
    return float(gaps.max()) if len(gaps) else 0
