"""The words that numbers are written in, with what they stand for."""

DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
INDEFINITE = "半几"
"""Numerals that do not count: half, and some."""
NUMERALS = "".join([*DIGITS, *TENS, *LARGE, INDEFINITE])

UP_TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ENGLISH_VALUES = {word: value for value, word in enumerate(UP_TO_TEN, start=1)}
SPELT_NUMBERS = (
    f"{'|'.join(UP_TO_TEN[1:])}|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty"
    "|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|twice|thrice|double|triple"
    "|half|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
)
"""A pattern without one, first and once, which are no numbers as often."""
