"""Whatever people and programs write for a time is read as one; what a column leaves open is asked, never guessed."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from curate.reading.clocks.moments import Moments, read_moments
from schemas.errors import InputError
from schemas.formats._sessions import TimeColumns

TIMES = [
    ("2024-03-05 09:30:15", "2024-03-05 09:30:15"),
    ("2024-03-05T09:30:15.250", "2024-03-05 09:30:15"),
    ("2024-03-05T09:30:15+08:00", "2024-03-05 01:30:15"),
    ("2024-03-05T09:30:15Z", "2024-03-05 09:30:15"),
    ("2024-03-05 09:30 EST", "2024-03-05 14:30:00"),
    ("2024/3/5 9:30", "2024-03-05 09:30:00"),
    ("2024.03.05 9.30", "2024-03-05 09:30:00"),
    ("20240305093015", "2024-03-05 09:30:15"),
    ("2024-03-05 093015", "2024-03-05 09:30:15"),
    ("2024年3月5日 9时30分15秒", "2024-03-05 09:30:15"),
    ("2024年3月5日星期二 下午3:05", "2024-03-05 15:05:00"),
    ("２０２４-０３-０５ 星期二 ０９：３０：１５", "2024-03-05 09:30:15"),
    ("113/03/05 上午 12:57", "2024-03-05 00:57:00"),
    ("3/25/2024 11:56:10\u202fAM", "2024-03-25 11:56:10"),
    ("3/25/2024, 12:05\xa0p.m.", "2024-03-25 12:05:00"),
    ("2024-03-25 12:06pm", "2024-03-25 12:06:00"),
    ("2024-03-25 9:58am", "2024-03-25 09:58:00"),
    ("11:59:07PM 2024-03-25", "2024-03-25 23:59:07"),
    ("3/25/2024 12:05 a. m.", "2024-03-25 00:05:00"),
    ("2024-03-05 1:05:00 下午", "2024-03-05 13:05:00"),
    ("2024/3/5 凌晨1:02", "2024-03-05 01:02:00"),
    ("2024/3/5 中午12:32", "2024-03-05 12:32:00"),
    ("2024/3/5 中午1:05", "2024-03-05 13:05:00"),
    ("2024/3/5 晚上11:58", "2024-03-05 23:58:00"),
    ("2024/3/5 早上8:00", "2024-03-05 08:00:00"),
    ("2024/3/5 오후 3:05", "2024-03-05 15:05:00"),
    ("Mar 5, 2024, 9:30:15 PM", "2024-03-05 21:30:15"),
    ("Tuesday, March 5, 2024 at 9:30:15 AM", "2024-03-05 09:30:15"),
    ("Tue Mar 05 2024 09:30:00 GMT+0800 (中国标准时间)", "2024-03-05 01:30:00"),
    ("Tue, 05 Mar 2024 09:30:00 +0000", "2024-03-05 09:30:00"),
    ("[2024/3/5 上午10:01:12]", "2024-03-05 10:01:12"),
    ("25.03.2024 10:30", "2024-03-25 10:30:00"),
    ("13:05", "1970-01-01 13:05:00"),
    ("1709631015", "2024-03-05 09:30:15"),
    ("1709631015000", "2024-03-05 09:30:15"),
    ("45356.39600694444", "2024-03-05 09:30:15"),
]


def read(*cells: str | tuple[str, ...], sessions: str = "", **settings: object) -> Moments:
    """Read cells of one column, or rows of several; `sessions` has a letter for each row."""
    rows = [(cell,) if isinstance(cell, str) else cell for cell in cells]
    columns = [pl.Series(column, dtype=pl.String) for column in zip(*rows, strict=True)]
    numbers = np.array([ord(letter) for letter in sessions or "a" * len(rows)])
    names = [f"c{n}" for n in range(len(columns))]
    return read_moments(columns, numbers, TimeColumns.model_validate({"column": names, **settings}))


@pytest.mark.parametrize(("text", "time"), TIMES)
def test_a_time_is_read(text: str, time: str) -> None:
    [seconds] = read(text).seconds
    assert datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") == time


@pytest.mark.parametrize("text", ["", " ", "-", "0000-00-00 00:00:00", "1970-01-01 00:00:00", "无", "2024-13-45 10:00"])
def test_what_is_no_time_is_none(text: str) -> None:
    seconds = read("2024-03-05 09:30:15", text, "2024-03-05 09:31:15").seconds
    assert list(np.isnan(seconds)) == [False, True, False]


def test_serials_beside_texts_are_days_of_a_spreadsheet() -> None:
    seconds = read("2024-03-05 09:30:15", "45356.39600694444", "2024-03-05T09:30:15").seconds
    assert len(set(seconds)) == 1
    old = read("2024-03-05 09:30:15", "43894.39600694444", "2024-03-05T09:30:15", epoch=1904).seconds
    assert len(set(old)) == 1


def test_the_whole_column_tells_what_dates_begin_with() -> None:
    dates = ("12/03/2024 10:00", "03/12/2024 10:00")
    for proof, order in (("25/03/2024 10:00", "day-month-year"), ("03/25/2024 10:00", "month-day-year")):
        moments = read(*dates, proof)
        assert order in moments.notes[0].en
        assert (moments.seconds[0] < moments.seconds[1]) == (order == "day-month-year")


def test_an_order_that_changes_nothing_is_not_asked_for() -> None:
    read("06/05/2024 13:00", "06/05/2024 12:00", "03/04/2024 09:00", "03/04/2024 08:00", sessions="abba"[:2] + "bb")
    read("12/01/2024 16:00", "01/02/2024 09:30", "11/03/2024 10:00")  # the file runs one way, day first only


def test_dates_that_nothing_decides_are_asked_for() -> None:
    with pytest.raises(InputError, match=r"'c0'.*order: mdy") as caught:
        read("01/03/2024 09:30", "10/05/2024 10:00", "04/06/2024 10:12", "12/02/2024 16:00")
    assert "c0" in caught.value.sentence.zh
    answered = read("01/03/2024 09:30", "12/02/2024 10:00", order="dmy").seconds
    assert answered[0] > answered[1]
    with pytest.raises(InputError, match="year-month-day or day-month-year or month-day-year"):
        read("11-11-10 10:09", "12-10-11 08:06", "10-12-10 18:00", "10-11-12 16:00", "12-11-10 10:12")


def test_two_digit_years_are_known_by_their_number() -> None:
    moments = read("24-03-05 09:30", "24-04-02 10:00", "24-03-28 10:00", "24-03-11 10:00")
    assert datetime.fromtimestamp(moments.seconds[0], UTC).year == 2024


def test_a_clock_of_twelve_hours_without_a_word_keeps_the_order_or_is_asked_for() -> None:
    in_order = read("11:58", "12:01", "1:03", "1:04", "9:12", "9:15", sessions="aaaabb")
    assert list(in_order.seconds) == sorted(in_order.seconds[:4]) + list(in_order.seconds[4:])
    assert "twelve-hour" in in_order.notes[-1].en
    with pytest.raises(InputError, match=r"'c0'.*opens: 9"):
        read("1:03", "11:58", "1:04", "12:01")
    answered = read("1:03", "11:58", "1:04", "12:01", opens=9).seconds
    assert list(np.argsort(answered)) == [1, 3, 0, 2]
    as_written = read("1:03", "11:58", "1:04", "12:01", opens=0).seconds
    assert list(np.argsort(as_written)) == [0, 2, 1, 3]


@pytest.mark.parametrize(
    "times", [("02:10", "01:05", "03:20"), ("09:10", "11:05", "10:20"), ("0:10", "11:05", "1:20"), ("13:10", "1:05")]
)
def test_a_clock_of_twenty_four_hours_is_read_as_it_is(times: tuple[str, ...]) -> None:
    seconds = read(*times).seconds
    assert list(seconds) == [int(h) * 3600 + int(m) * 60 for h, m in (time.split(":") for time in times)]


def test_a_column_of_dates_and_one_of_clocks_are_one() -> None:
    moments = read(("2024-03-06", "00:00:54"), ("2024-03-05", "23:58:00"))
    assert len(moments.keys) == 1
    assert moments.seconds[0] - moments.seconds[1] == 174
    halves = read(("3/5/2024", "1:00:39", "PM"), ("3/5/2024", "12:58:40", "PM"))
    assert halves.seconds[0] - halves.seconds[1] == 119


def test_a_second_column_parts_what_the_first_has_at_once() -> None:
    moments = read(("2024-03-05 10:00", "2"), ("2024-03-05 10:00", "10"), ("2024-03-05 09:00", "11"))
    assert [list(key) for key in moments.keys] == [list(moments.seconds), [2.0, 10.0, 11.0]]


@pytest.mark.parametrize(
    "rising",
    [
        ("999", "1000", "1700000000000"),
        ("m-9", "m-10", "n-1"),
        ("1234567890123456788", "1234567890123456789"),
        ("1.5", "2", "10"),
    ],
)
def test_numbers_and_names_with_numbers_sort_by_them(rising: tuple[str, ...]) -> None:
    [key] = read(*rising).keys
    assert list(key) == sorted(set(key)) and len(set(key)) == len(rising)


def test_a_session_over_midnight_goes_on_where_there_are_no_dates() -> None:
    seconds = read("23:58", "0:01", "23:59", "00:05", "9:00", "21:00", sessions="aaaabb").seconds
    assert list(np.argsort(seconds[:4])) == [0, 2, 1, 3]
    assert seconds[4] < seconds[5]


def test_numbers_in_several_units_are_compared_as_times() -> None:
    seconds = read("1709631015", "1709631014000", "1709631016").keys[0]
    assert list(np.argsort(seconds)) == [1, 0, 2]


def test_digits_of_date_and_clock_are_one_time() -> None:
    moments = read(("20240306", "000054"), ("20240305", "235800"))
    assert moments.seconds[0] - moments.seconds[1] == 174
