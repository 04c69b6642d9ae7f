"""When two texts say the same, and when they only look alike: numbers, units, negations and names decide."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

import polars as pl

from curate.duplicates.normalize import fold, folded
from rules.lexicons import words

UNIT = (
    r"%|℃|°c|小时|分钟|工作日|[年月日号天周时分秒元块角件个次折度斤克米寸期级岁人间楼层星]"
    r"|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|dollars?|euros?|pounds?|yuan|rmb|usd|cny|pieces?|items?"
    r"|times?|mins?|hrs?|kg|mg|g|lbs?|oz|km|cm|mm|m|ml|l|tb|gb|mb|kb|mah|w|v|hz|k|inch(?:es)?|am|pm|x)(?![a-z])"
)
NUMERALS = "一二两三四五六七八九十百千万亿半几"
RUN = f"[{NUMERALS}]{{0,11}}"
"""The rest of a number in characters; more would be no number, and is not looked through again from each of them."""
COUNTER = "年|个?月|日|号|天|周|元|块|件|个|次|折|度|斤|期|级|岁|个?小时|分钟|个?工作日"
"""After them 一 is a number, too: 一年 is not 两年, and an order of 一件 is not any."""
CLASSIFIER = (
    "点|位|人|名|箱|楼|层|星|倍|成|尺|米|寸|升|档|挡|遍|趟|代|环|版|套|双|只|支|条|张|款|台|部|本|份|对|组|片|颗|粒|盒|瓶|袋"
    "|包|杯|桶|卷|根|把|家|页|刻|秒|排|栋|单|季|集|场|轮|种|[公毫厘千][斤克米升里安]|克|晚|餐|头|节|笔"
)
"""After them 一 is an article as often as a number: 转接一位客服 says what 转接客服 says."""
COUNTED = rf"\d*(?:[.,:/-]\d+)*(?:\s*(?:{UNIT})|[a-z]+)?"
BARE = (
    rf"[\d{NUMERALS}第$€£¥<>≤≥-](?:(?<=\d){COUNTED}|(?<=[$€£¥<>≤≥])(?=\s*\d)|(?<![\da-z]-)(?<=-)(?=\d)"
    rf"|(?<=[{NUMERALS}])(?:{RUN}(?:{COUNTER})|(?:(?<!一)|(?=[{NUMERALS}])){RUN}(?:{CLASSIFIER})(?:(?<=点){RUN})?"
    rf"|(?<=[午晨早晚上]一)点{RUN}|(?<=一)点(?=[钟半整前]|[之以]前|左右)半?|(?<=百)分之[{NUMERALS}]{RUN}"
    rf"|(?<=[一二两三四五六七八九百])[十百千万亿]{RUN}|(?<=十)[一二三四五六七八九]{RUN})"
    rf"|(?<=第)(?!一(?![{NUMERALS}]))[{NUMERALS}]{RUN})"
)
HEADED = rf"(?<![abd-z])(?<!(?<!°)c)[a-z]++\d{COUNTED}"
SPELT = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|twice|thrice|double|triple"
    "|half|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|(?:an?|per|each|every) (?:hour|day|week|month|year)"
)
"""Without one, first and once, which are no numbers as often."""
NUMBER = re.compile(f"{BARE}|{HEADED}")
"""A number with its unit and the letters before it, which ℃ (by then °c) does not give it."""

NO = "不没未别无非勿否"
SAID_NO = rf"[{NO}](?:(?<=没)有)?[\u3400-\u9fff]{{0,2}}"
NOT = "no|not|never|none|cannot|unable|without|isnt|dont|cant|wont|didnt|doesnt"
SAID_NOT = rf"(?<![a-z])(?:(?:{NOT})(?![a-z])|[a-z]+n['’]t(?![a-z]))(?:\s+[a-z]+)?"
PLURAL = re.compile(r"(?<=[a-z]{3})s$")
LATIN = re.compile(r"[a-z][a-z0-9+#-]+")
HAN = re.compile(r"[\u3400-\u9fff]")
DATE = (
    r"[\d今明后昨前去每本下周星礼上晚早中月年凌傍](?:(?<=\d)\d{0,3}\s*[年月日号][初底末]?|(?<=[今明后昨前])天|(?<=[今明])日"
    r"|(?<=[今明去])年|(?<=每)(?:[天日周年]|个?月)|(?<=[本下上])(?:周末?|个?月[初底末]?)|(?<=周)[一二三四五六日天末]|(?<=星)期[一二三四五六日天]"
    r"|(?<=礼)拜[一二三四五六日天]|(?<=[上下中])[午旬]|(?<=晚)上|(?<=早)上(?!好)|(?<=凌)晨|(?<=傍)晚|(?<=[月年])[初底末])"
)
DATED = (
    r"[^a-z\u3400-\u9fff][年月日号]|[今明后昨前]天|[今明]日|[今明去]年|每[天日周年]|[每本下上]个?月|[本下上]周|周[一二三四五六日天末]|星期|礼拜"
    r"|[上下中][午旬]|[早晚]上|凌晨|傍晚|[月年][初底末]"
)
"""No text without it holds a DATE."""

DAY = (
    "today|tomorrow|yesterday|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january"
    "|february|march|april|june|july|august|september|october|november|december"
)


TURN = "\x1e"
"""Stands between two turns that are read for facts as one: what is denied in one does not reach into the next."""

SAID = re.compile(rf"[^\W_]+|{TURN}")

AT_ONCE, FEW = 4096, 16
"""Texts. More at once would not be faster, only take more memory; fewer are read without asking what they hold."""


class Facts(NamedTuple):
    """What must be equal, in its order, for two texts to say the same."""

    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    negations: tuple[str, ...]
    names: tuple[str, ...]


TEXT = pl.col("text")
BOTH = 3


class Half(NamedTuple):
    """A pattern, and whether it can find something in a text at all.

    `may` may let too many texts pass, never too few. It is for polars, which reads a column many times faster than `re`
    but knows no lookaround, and whose white space and digits are not quite the same: it names characters instead.
    """

    pattern: str
    may: pl.Expr


class Halves:
    """What is written in Latin letters and what is not: a text that holds one of them is not read for the other.

    `find[which]` finds nothing (0), the other (1), what is Latin (2) or BOTH.
    """

    def __init__(self, other: Half, latin: Half, both: str = "") -> None:
        patterns = (other.pattern, latin.pattern, both or f"{other.pattern}|{latin.pattern}")
        self.which = other.may.cast(pl.Int8) + 2 * latin.may.cast(pl.Int8)
        self.find: tuple[Callable[[str], list[str]], ...] = (_nothing, *(re.compile(each).findall for each in patterns))


def _nothing(_: str) -> list[str]:
    return []


def _may(pattern: str) -> pl.Expr:
    return TEXT.str.contains(pattern)


def _by_length(entries: Iterable[str]) -> list[str]:
    return sorted(entries, key=lambda entry: (-len(entry), entry))


def _by_first(entries: list[str]) -> str:
    """Any of the entries; of those of one first character in the order given, which is as good and faster."""
    alike = groupby(sorted(entries, key=lambda entry: entry[0]), key=lambda entry: entry[0])
    return "|".join(f"{re.escape(a)}(?:{'|'.join(re.escape(entry[1:]) for entry in some)})" for a, some in alike)


COURTESIES = _by_length(entry for entry in words("honorifics") if "=" not in entry)
"""Honorifics and particles that are left out of a view: they change nothing beside a negation either."""

IDIOMS = _by_length(words("not_negations"))
LEFT_OUT = tuple(re.compile(_by_first(entries)) for entries in (COURTESIES, IDIOMS))
ASIDE = "|".join([r"[^\x00-\x7f]", *filter(str.isascii, map(pl.escape_regex, COURTESIES + IDIOMS))])
CHANGED = _may(ASIDE) & _may(f"[{NO}a-z]")
"""Texts in which a negation is perhaps not read as it stands: something may be left out beside it."""

FOREIGN = _may(r"[\u3400-\u9fff]") & _may("[a-z]")
NUMBERS = Halves(
    Half(BARE, _may(r"[0-9]|[^\x00-\x7f]")),
    Half(
        rf"{HEADED}|(?<![a-z])(?:{SPELT})(?![a-z])",
        _may(rf"[a-z][^\x00-/:-\x7f\u3400-\u9fff]|(?:^|[^a-z])(?:{SPELT})(?:[^a-z]|$)"),
    ),
)
DATES = Halves(Half(DATE, _may(DATED)), Half(rf"(?<![a-z])(?:{DAY})(?![a-z])", _may(DAY)))
NEGATIONS = Halves(
    Half(SAID_NO, _may(f"[{NO}]")),
    Half(SAID_NOT, _may(rf"(?:^|[^a-z])(?:{NOT})(?:[^a-z]|$)|n['’]t") | CHANGED & _may("[a-z]")),
)


def facts_of_each(texts: Iterable[str], names: Collection[str] = ()) -> list[Facts]:
    """The facts of every text; `names` are product names beside those of the lexicon, in small letters."""
    texts = list(texts)
    single = list(dict.fromkeys(texts))
    told: dict[str, Facts] = {}
    for start in range(0, len(single), AT_ONCE):
        some = single[start : start + AT_ONCE]
        told.update(zip(some, _read(folded(some), _named(frozenset(names))), strict=True))
    return [told[text] for text in texts]


def facts(text: str, names: Collection[str] = ()) -> Facts:
    """The facts of one text."""
    return facts_of_each([text], names)[0]


def _read(texts: list[str], named: Halves) -> Iterator[Facts]:
    """The facts of folded texts."""
    for text, (number, date, negation, name, changed, foreign) in zip(texts, _seen(texts, named), strict=True):
        names = named.find[name](text)
        if foreign and HAN.search(text):
            names += LATIN.findall(text)
        yield Facts(
            tuple(map(_counted, NUMBERS.find[number](text))),
            tuple(map(_without_spaces, DATES.find[date](text))),
            tuple(map(_evenly_spaced, NEGATIONS.find[negation](_denied(text) if changed else text))),
            tuple(names),
        )


def _seen(texts: list[str], named: Halves) -> Iterable[tuple[int, ...]]:
    """What to read each text for. A few are read for everything: that is sooner done than to ask."""
    if len(texts) < FEW:
        return [(BOTH, BOTH, BOTH, BOTH, True, True)] * len(texts)
    asked = [NUMBERS.which, DATES.which, NEGATIONS.which, named.which, CHANGED, FOREIGN]
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(each.alias(str(place)) for place, each in enumerate(asked)).iter_rows()


@lru_cache(1 << 14)
def _counted(number: str) -> str:
    return PLURAL.sub("", _without_spaces(number))


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _evenly_spaced(text: str) -> str:
    return " ".join(text.split())


def _denied(text: str) -> str:
    """What is read for negations: no idioms and courtesies, and in Chinese nothing between the characters."""
    denied = LEFT_OUT[1].sub("", LEFT_OUT[0].sub("", text))
    return "".join(SAID.findall(denied)) if HAN.search(text) else denied


def differs_in_fact(one: str, other: str, names: Collection[str] = ()) -> bool:
    """Whether the two differ in a number, a unit, a date, a negation, a name, or, in Chinese text, a Latin word."""
    return facts(one, names) != facts(other, names)


@cache
def _named(names: frozenset[str]) -> Halves:
    """Any of the product names, and the words that have an opposite; Latin ones as whole words."""
    opposites = (word for pair in words("opposites") for word in pair.split("="))
    every = _by_length({*words("products"), *opposites, *(fold(name.strip()) for name in names if name.strip())})
    latin, other = [name for name in every if name.isascii()], [name for name in every if not name.isascii()]
    whole = rf"(?<![a-z])(?:{_by_first(latin)})(?![a-z])"
    return Halves(
        Half(_by_first(other), TEXT.str.contains_any(other)),
        Half(whole, TEXT.str.contains_any(latin)),
        rf"(?=[{re.escape(''.join(sorted({name[0] for name in other})))}])(?:{_by_first(other)})|{whole}",
    )
