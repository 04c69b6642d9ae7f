"""Takes the cells of a column of times apart: numbers of the date, the clock, AM or PM, the zone."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"\b({'|'.join(MONTHS)})[a-z]*\b\.?"
NAMED_DATE = rf"(?:\d{{1,4}}[\s\-.,/]*)?{MONTH}[\s\-.,/]*\d{{1,4}}(?:\s*,\s*\d{{4}}|\s+\d{{4}})?"
WEEKDAY = (
    r"[(（]?(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\b\.?)[)）]?,?"
)
BRACKETS = r"(\d\S*)\s*(?:\((?:[^()]*)\)|\[[^\[\]]*\])$"
"""`(China Standard Time)`, `[Asia/Shanghai]`."""
COMPACT = r"^(19[89]\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[t _-]?([01]\d|2[0-4])([0-5]\d)([0-5]\d)?\.?(\d{3})?"
COMPACT_DAY = r"^(19[89]\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\D.*)?$"
CLOCK = r"(\d{1,2})\s?[:时時点點h시]\s?(\d{1,2})?(?:\s?[:分분m]\s?(\d{1,2})(?:[.,:](\d{1,9}))?)?\s?[秒초]?[分분]?"
DOTTED = r"^\D{0,3}(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?:[.,]\d+)?\D*$"
RUN_TOGETHER = r"^\D{0,3}(\d{1,2})(\d{2})(\d{2})?\D*$"
DATE = r"(\d{1,4})\s?[-/.,年년\s]\s?(\d{1,2})\s?[-/.,月월\s]\s?(\d{1,4})\s?[日号號일]?"
SHORT_DATE = r"(\d{1,2})\s?([-/.月월])\s?(\d{1,2})\s?[日号號일]?"
OFFSET = r"(:\d{2}(?:[.,]\d+)?\s?(?:z|utc|gmt)?\s?)([+-])(\d{1,2}):?(\d{2})?$"
ZONES: dict[str, float] = {
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0, "bst": 1.0,
    "ist": 5.5, "cet": 1.0, "cest": 2.0, "eet": 2.0, "eest": 3.0, "jst": 9.0, "kst": 9.0, "hkt": 8.0, "sgt": 8.0,
}  # fmt: skip
"""Hours that zones are ahead. One that two countries share is only ever compared with itself or its summer time."""
ZONE = rf"\b({'|'.join(ZONES)})\b"
HALVES = "|".join(
    (
        "凌晨|清晨|早上|早晨|早间|上午|午前|中午|正午|下午|午后|午後|傍晚",
        "晚上|晚间|夜里|夜間|夜间|半夜|深夜|午夜|오전|오후",
    )
)
HALF_DAY = rf"({HALVES}|(?:^|[\d\s])[ap]\.?\s?m(?:[^a-z]|$))"
WITH_NEIGHBOURS = rf"(?:{HALVES})|(^|[\d\s])[ap]\.?\s?m([^a-z]|$)"
"""The same, with what stands beside AM and PM in groups: in 12:06pm the 6 stays."""
EARLIEST, LATEST = 1990, 2099
"""Years of logs: 1900 and 1970 are what programs write for no time."""
MINGUO = 1911
"""The year before the first of the Republic: Taiwan's years count from it."""
ADAYS = 25_569
"""The day 1 January 1970 as spreadsheets count days."""
MAC_DAYS = 1_462
"""Days by which the count of old spreadsheets on a Mac, from 1904, lies behind."""
SERIALS = (20_000, 80_000)
"""Days of a spreadsheet between 1954 and 2119."""
HALF = 0.5


def folded(texts: pl.Series) -> pl.Series:
    """Write digits, colons and spaces of any width alike, in small letters; what is blank becomes null."""
    plain = texts.str.normalize("NFKC").str.to_lowercase().str.strip_chars("'\"\u200e\u200f \t\r\n")
    return plain.set(plain == "", None)


def take_apart(texts: pl.Series) -> pl.DataFrame:
    """Take folded cells apart, with null where a cell does not have something.

    `first`, `second`, `third`: the numbers of the date in their order, `digits` of the first and the last of them;
    `fixed`: the order of the date where the cell shows it (`ymd`, `dmy`, `mdy`, `md`); `clock`: seconds of the day as
    written, `half`: the word for a half of the day, `offset`: seconds that its zone is ahead.
    """
    # 1. What stands beside date and clock, and digits without anything between them.
    text = (
        texts.str.replace(BRACKETS, "$1")
        .str.strip_chars("[]()【】「」 ")
        .str.replace_all(WEEKDAY, " ")
        .str.strip_chars()
    )
    text = text.str.replace(COMPACT, "$1-$2-$3 $4:$5:$6").str.replace(COMPACT_DAY, "$1-$2-$3 $4")
    text = text.str.replace("[点點]半", ":30")
    half = text.str.extract(HALF_DAY)
    text = text.str.replace(WITH_NEIGHBOURS, "$1 $2")
    has_clock = text.str.contains(CLOCK)
    offset = _offsets(text).set(~has_clock.fill_null(False), None)
    text = text.str.replace(OFFSET, "$1").zip_with(offset.is_not_null(), text)

    # 2. The clock, then the date, which the clock does not stand in the way of any more.
    clock = text.str.extract_groups(CLOCK).struct.unnest()
    rest = text.str.replace(CLOCK, " ").str.replace_all(r"(\d)(?:st|nd|rd|th)\b", "$1")
    named = rest.str.extract(MONTH)
    dates = _numeric_dates(rest)
    if named.null_count() < len(named):
        dates = _with_names(dates, rest, named)

    # 3. A clock with dots, or nothing, between its numbers: only behind a date, or it could be anything.
    if clock["1"].null_count():
        behind = rest.str.replace(NAMED_DATE, " ").str.replace(DATE, " ").str.strip_chars()
        for pattern in (DOTTED, RUN_TOGETHER):
            other = behind.set(dates["first"].is_null(), None).str.extract_groups(pattern).struct.unnest()
            clock = clock.with_columns(
                *(clock[name].zip_with(clock["1"].is_not_null(), other[name]).alias(name) for name in ("2", "3")),
                clock["1"].zip_with(clock["1"].is_not_null(), other["1"]).alias("1"),
            )
    return dates.with_columns(clock=_seconds(clock), half=half.str.strip_chars(" 0123456789"), offset=offset)


def _offsets(texts: pl.Series) -> pl.Series:
    """Count the seconds that the zone of each cell is ahead, by its number or its name."""
    sign = texts.str.extract_groups(OFFSET).struct.unnest()
    ahead = sign["3"].cast(pl.Int64) * 3600 + sign["4"].cast(pl.Int64).fill_null(0) * 60
    ahead = ahead.zip_with((sign["2"] == "+").fill_null(True), -ahead)
    named = texts.str.extract(ZONE).replace_strict(ZONES, default=None, return_dtype=pl.Float64) * 3600
    return ahead.zip_with(ahead.is_not_null(), named.cast(pl.Int64))


def _seconds(clock: pl.DataFrame) -> pl.Series:
    """Count the seconds of the day; null for what no clock shows."""
    hour, minute, second = (clock[name].cast(pl.Int64) for name in ("1", "2", "3"))
    minute, second = minute.fill_null(0), second.fill_null(0)
    fraction = pl.select(pl.concat_str(pl.lit("0."), pl.lit(clock["4"].fill_null("0")))).to_series().cast(pl.Float64)
    seconds = hour * 3600 + minute * 60 + second + fraction
    return seconds.set((hour > 24) | (minute > 59) | (second > 60), None)


def _numeric_dates(texts: pl.Series) -> pl.DataFrame:
    """Find the numbers of dates that are written in numbers."""
    found = texts.str.extract_groups(DATE).struct.unnest()
    first, second, third = (found[name].cast(pl.Int64) for name in ("1", "2", "3"))
    lengths = found["1"].str.len_chars(), found["3"].str.len_chars()
    first = first.zip_with((lengths[0] != 3).fill_null(True), first + MINGUO)
    short = texts.str.extract_groups(SHORT_DATE).struct.unnest()
    is_short = first.is_null() & short["1"].is_not_null()
    fixed = pl.select(
        pl.when(pl.lit(lengths[0] >= 3))
        .then(pl.lit("ymd"))
        .when(pl.lit(is_short & short["2"].is_in(["月", "월"])))
        .then(pl.lit("md"))
    ).to_series()
    return pl.DataFrame(
        {
            "first": first.zip_with(~is_short, short["1"].cast(pl.Int64)),
            "second": second.zip_with(~is_short, short["3"].cast(pl.Int64)),
            "third": third,
            "last_is_year": (lengths[1] == 4).fill_null(False),
            "fixed": fixed,
        }
    )


def _with_names(dates: pl.DataFrame, texts: pl.Series, named: pl.Series) -> pl.DataFrame:
    """Read the dates in which the month has its name: the other number of four digits is the year, else the last."""
    numbers = texts.str.extract_all(r"\d+")
    ones = pl.DataFrame({"a": numbers.list.get(0, null_on_oob=True), "b": numbers.list.get(1, null_on_oob=True)})
    month = named.replace_strict(
        {name: n for n, name in enumerate(MONTHS, start=1)}, return_dtype=pl.Int64, default=None
    )
    year_first = (ones["a"].str.len_chars() == 4).fill_null(False)
    a, b = ones["a"].cast(pl.Int64, strict=False), ones["b"].cast(pl.Int64, strict=False)
    day, year = a.zip_with(~year_first, b), b.zip_with(~year_first, a)
    has_name = named.is_not_null()
    is_dated = has_name & day.is_not_null()
    year = year.zip_with((year > 99).fill_null(True), year + 2000)
    fixed = pl.select(pl.when(pl.lit(year.is_null())).then(pl.lit("md")).otherwise(pl.lit("ymd"))).to_series()
    first, second = year.zip_with(year.is_not_null(), month), month.zip_with(year.is_not_null(), day)
    return pl.DataFrame(
        {
            "first": first.zip_with(is_dated, dates["first"].set(has_name, None)),
            "second": second.zip_with(is_dated, dates["second"]),
            "third": day.set(year.is_null(), None).zip_with(is_dated, dates["third"]),
            "last_is_year": dates["last_is_year"] & ~has_name,
            "fixed": fixed.zip_with(is_dated, dates["fixed"]),
        }
    )


def day_numbers(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count the days from 1 January 1970; NaN for a day that no calendar has, or in a year before or after all logs."""
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_month = (month >= 1) & (month <= 12)
    longest = lengths[np.where(is_month, month, 0)] + ((month == 2) & is_leap)
    is_day = is_month & (day >= 1) & (day <= longest) & (year >= EARLIEST) & (year <= LATEST)
    # The number of a day, by Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March.
    shifted = year - (month <= 2)
    era, year_of_era = shifted // 400, shifted % 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468
    return np.where(is_day, days, np.nan).astype(np.float64)
