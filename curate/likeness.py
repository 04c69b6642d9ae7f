"""When two texts say the same, and when they only look alike: numbers, units, negations and names decide."""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

import polars as pl

from curate.cleaning.chinese import simplified_characters
from rules.lexicons import words

UNIT = (
    r"%|℃|°c|小时|分钟|工作日|[年月日号天周时分秒元块角件个次折度斤克米寸期级岁人间楼层星]"
    r"|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|dollars?|euros?|pounds?|yuan|rmb|usd|cny|pieces?|items?"
    r"|times?|mins?|hrs?|kg|mg|g|lbs?|oz|km|cm|mm|m|ml|l|tb|gb|mb|kb|mah|w|v|hz|k|inch(?:es)?|am|pm|x)(?![a-z])"
)
NUMBER = re.compile(
    rf"[a-z]*\d+(?:[.,:/-]\d+)*(?:\s*(?:{UNIT})|[a-z]+)?"
    r"|[一二两三四五六七八九十百千万半几]+(?=[年月日号天周元块件个次折度斤期级岁]|小时|分钟|工作日)"
)
NEGATION = re.compile(
    r"(?:不|没有?|未|别|无|非|勿|否)[\u3400-\u9fff]{0,2}"
    r"|(?<![a-z])(?:no|not|never|none|cannot|without|isnt|dont|cant|wont|didnt|doesnt)(?![a-z])(?:\s+[a-z]+)?"
    r"|[a-z]+n['’]t(?![a-z])(?:\s+[a-z]+)?"
)
PLURAL = re.compile(r"(?<=[a-z]{3})s$")
LATIN = re.compile(r"[a-z][a-z0-9+-]+")
HAN = re.compile(r"[\u3400-\u9fff]")
UNSAID = re.compile(r"[\s\W_]+")
DATE = re.compile(
    r"\d{1,4}\s*[年月日号]|今天|明天|后天|昨天|前天|今日|明日|本周|下周|周[一二三四五六日天]|星期[一二三四五六日天]|上午|下午|晚上|中午"
    r"|(?<![a-z])(?:today|tomorrow|yesterday|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january"
    r"|february|march|april|june|july|august|september|october|november|december)(?![a-z])"
)
PAUSES = r"[\p{P}\s~^`|\u200b-\u200d\ufeff]+"
"""What is not compared. Signs such as + or ℃ and emoji are: they can be the whole point."""

TURN = "\x1e"
"""Stands between two turns that are read for facts as one: what is denied in one does not reach into the next."""


class Facts(NamedTuple):
    """What must be equal, in its order, for two texts to say the same."""

    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    negations: tuple[str, ...]
    names: tuple[str, ...]


def plain_view(text: str) -> str:
    """The text as it is compared: NFKC, small letters, without spaces and punctuation. Digits and words stay."""
    return UNSAID.sub("", unicodedata.normalize("NFKC", text).casefold())


def near_views(texts: pl.Series) -> pl.Series:
    """Texts as near-duplicates are found by: NFKC, small letters, simplified, without pauses, honorifics and particles.

    One space stays between Latin words. A text of which nothing would be left stays as it is.
    """
    plain = _simplified(texts.str.normalize("NFKC").str.to_lowercase())
    said = plain.str.replace_all(r"n['’]t(\W|$)", "nt$1").str.replace_all(PAUSES, " ")
    polite = _polite(said)
    squeezed = polite.str.replace_all(r"([^\x00-\u024f]) +", "$1").str.replace_all(r" +([^\x00-\u024f])", "$1")
    squeezed = squeezed.str.strip_chars()
    frame = pl.DataFrame({"seen": squeezed, "plain": plain.str.strip_chars(), "text": texts})
    left = pl.when(pl.col("seen") != "").then("seen").when(pl.col("plain") != "").then("plain").otherwise("text")
    return frame.select(left).to_series().rename(texts.name)


def _simplified(texts: pl.Series) -> pl.Series:
    table = simplified_characters()
    traditional = texts.str.contains(f"[{''.join(table)}]")
    if not traditional.any():
        return texts
    changed = texts.filter(traditional).map_elements(lambda text: text.translate(_table()), return_dtype=pl.String)
    return texts.scatter(traditional.arg_true(), changed)


@cache
def _table() -> dict[int, str]:
    return str.maketrans(simplified_characters())


def _polite(texts: pl.Series) -> pl.Series:
    pairs = dict(entry.partition("=")[::2] for entry in words("honorifics"))
    ordered = sorted(pairs, key=len, reverse=True)
    return texts.str.replace_many(ordered, [pairs[entry] for entry in ordered], leftmost=True)


def facts(text: str, names: Collection[str] = ()) -> Facts:
    """The facts of a text; `names` are product names beside those of the lexicon, in small letters."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_table())
    found = [*_named(frozenset(names)).findall(text)]
    if HAN.search(text):
        found += LATIN.findall(text)
    denied = _idioms().sub("", _courtesies().sub("", text))
    if HAN.search(text):
        denied = TURN.join(UNSAID.sub("", turn) for turn in denied.split(TURN))
    return Facts(
        tuple(PLURAL.sub("", re.sub(r"\s", "", number)) for number in NUMBER.findall(text)),
        tuple(re.sub(r"\s", "", date) for date in DATE.findall(text)),
        tuple(" ".join(no.split()) for no in NEGATION.findall(denied)),
        tuple(found),
    )


def what_differs(one: Facts, other: Facts) -> tuple[str, ...]:
    """The names of the facts that are not equal."""
    return tuple(name for name, a, b in zip(Facts._fields, one, other, strict=True) if a != b)


def differs_in_fact(one: str, other: str, names: Collection[str] = ()) -> bool:
    """Whether the two differ in a number, a unit, a date, a negation, a name, or, in Chinese text, a Latin word."""
    return facts(one, names) != facts(other, names)


@cache
def _named(names: frozenset[str]) -> re.Pattern[str]:
    """Any of the product names; Latin ones as whole words."""
    every = sorted({*words("products"), *names}, key=lambda name: (-len(name), name))
    forms = [rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name) for name in every]
    begins = "".join(sorted({name[0] for name in every}))
    return re.compile(f"(?=[{re.escape(begins)}])(?:{'|'.join(forms)})")


@cache
def _courtesies() -> re.Pattern[str]:
    """Honorifics and particles that are left out of a view: they change nothing beside a negation either."""
    left_out = (entry for entry in words("honorifics") if "=" not in entry)
    return re.compile("|".join(map(re.escape, sorted(left_out, key=lambda word: (-len(word), word)))))


@cache
def _idioms() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words("not_negations"), key=lambda word: (-len(word), word)))))
