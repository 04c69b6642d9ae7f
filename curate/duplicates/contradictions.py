"""When two answers to the same question contradict each other, and the table that a version keeps of it."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from curate.duplicates.facts import DAY, NUMBER, NUMERALS, PLURAL, UNIT
from curate.duplicates.similarity.shingles import Sizes, jaccard, shingles
from rules.lexicons import words

CONFLICTS = "conflicts"
TABLE = pl.Schema(
    [
        ("cluster", pl.String()),
        ("id", pl.String()),
        ("role", pl.String()),
        ("twin", pl.String()),
        ("differs", pl.List(pl.String)),
        ("question", pl.String()),
        ("answer", pl.String()),
        ("date", pl.Date()),
        ("source", pl.String()),
        ("likeness", pl.Float64()),
    ]
)
"""A cluster is one question, named by its proposed winner. Roles: winner, review, dropped, noted (both stay).

`differs` says in what the answer contradicts that of the twin: number, polarity, wording; for `noted` it names the
facts in which the questions differ. `likeness` is the Jaccard similarity of the questions.
"""
A_NOT_A = re.compile(r"(.)不\1(?:以)?|可不可以|有没有|能否|可否|是否|会否")
"""能不能 and its like ask; neither half of them says yes or no."""
ASKED = re.compile(r"[^，。！；,.!;\n]*(?:吗|嘛|(?<![什怎这那多])么|[?？])")
"""A clause of an answer that asks something back."""
NO = re.compile(
    r"不(?:可以|能|行|支持|是|会|用|需要|提供|包|含|在|给|退|换|对)|没有|没法|无法|无需|暂无|未能|(?<![a-z])(?:no|not|cannot|never|unable"
    r"|unfortunately)(?![a-z])|n['’]t(?![a-z])"
)
YES = re.compile(
    r"可以|能够|能(?!否|不能)|支持|是的|有的|会的|需要|提供|没问题|好的|行的|对的"
    r"|(?<![a-z])(?:yes|sure|certainly|of course|can|may|will)(?![a-z])"
)
ASKING = re.compile(
    r"吗|嘛|什么|怎么|怎样|如何|多久|多少|几|哪|谁|为何|是否|能否|可否|能不能|可不可以|是不是|有没有|[?？]"
    r"|(?<![a-z])(?:what|how|when|where|why|who|which|can|could|do|does|is|are|will|may)(?![a-z])"
)
DENIED = re.compile(r"不会?([\u3400-\u9fff]{2})")
HEAD = 40
"""Characters of an answer in which it says yes or no."""
IN_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
QUANTITY = re.compile(rf"([$€£¥]?)\s*(\d+(?:[.,:]\d+)*|[{NUMERALS}]+)\s*(.*)", re.DOTALL)
"""Of a number as facts know it: the currency before it, its value, and its unit."""
AMOUNT = re.compile(rf"[$€£¥]\s*\d+(?:[.,]\d+)*|(?<![a-z])(?:{'|'.join(IN_WORDS)})\s+(?:{UNIT})|{NUMBER.pattern}")
PERCENT = "百分之"
WEEKDAY = re.compile(rf"(?:周|星期|礼拜)([一二三四五六日天])|(?<![a-z])({DAY})(?![a-z])")
SAME_UNIT = {"块": "元", "¥": "元", "yuan": "元", "rmb": "元", "cny": "元", "$": "dollar", "usd": "dollar", "€": "euro"}
SAME_UNIT |= {"£": "pound", "钟": "分钟", "号": "日", "hr": "hour", "min": "minute"}
ONES = {letter: n for n, letter in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
SIZES = Sizes()
Counts = dict[str, set[str]]
"""What is said of each unit."""


class Answer(NamedTuple):
    """An answer, and the view of it that is compared."""

    text: str
    view: str


def contradicts(question: str, one: Answer, other: Answer, wording: float) -> tuple[str, ...]:
    """In what two answers contradict each other: `number`, `polarity`, or `wording` (less alike than that).

    Other words contradict only where something was asked: `订单号是…` is met with anything.
    """
    first, second = (unicodedata.normalize("NFKC", text).casefold() for text in (one.text, other.text))
    found = []
    if _clash(_amounts(first), _amounts(second)):
        found.append("number")
    if _clash(_weekdays(first), _weekdays(second)):
        found.append("dates")
    if {_polarity(first), _polarity(second)} == {"yes", "no"} or _opposed(first, second):
        found.append("polarity")
    if ASKING.search(question.casefold()) and _alike(one.view, other.view) < wording:
        found.append("wording")
    return tuple(found)


def _clash(mine: Counts, theirs: Counts) -> bool:
    """Whether both count the same thing and neither says all that the other says."""
    shared = mine.keys() & theirs.keys()
    return any(not (mine[unit] <= theirs[unit] or theirs[unit] <= mine[unit]) for unit in shared)


def _amounts(text: str) -> Counts:
    """The numbers of a text by their unit, those without one apart."""
    found: Counts = {}
    for number in AMOUNT.findall(text):
        word, _, spelt = number.partition(" ")
        if word in IN_WORDS:
            value, unit = str(IN_WORDS[word]), spelt.strip()
        elif counted := QUANTITY.fullmatch(number.removeprefix(PERCENT)):
            value = _value(counted[2])
            unit = ":" if ":" in value else "%" if number.startswith(PERCENT) else counted[1] or counted[3]
        else:
            continue
        unit = PLURAL.sub("", unit).removeprefix("个" if len(unit) > 1 else "")
        if unit or len(value) <= 6:  # a longer one is a reference, not an amount
            found.setdefault(SAME_UNIT.get(unit, unit), set()).add(value)
    return found


def _value(number: str) -> str:
    """A number in digits; one in characters stays as it is where it is none that counts, as 几."""
    if not set(number) <= set(NUMERALS):
        return number.replace(",", "")
    value = section = digit = 0
    for letter in number:
        if letter in ONES:
            digit = ONES[letter]
        elif letter in TENS:
            section += (digit or 1) * TENS[letter]
            digit = 0
        elif letter in LARGE:
            value += (section + digit or 1) * LARGE[letter]
            section = digit = 0
        else:
            return number
    return str(value + section + digit)


def _weekdays(text: str) -> Counts:
    days = {one.replace("天", "日") or other for one, other in WEEKDAY.findall(text)}
    return {"day": days} if days else {}


def _opposed(one: str, other: str) -> bool:
    """Whether one says what the other denies: 免费 and 收费, 会掉色 and 不掉色."""
    pairs = [pair.split("=") for pair in words("opposites")]
    excluded = any({_of_both(one, *pair), _of_both(other, *pair)} == {0, 1} for pair in pairs)
    return excluded or _denies(one, other) or _denies(other, one)


def _of_both(text: str, one: str, other: str) -> int | None:
    """Which of two words a text holds, 0 or 1; nothing where it holds both or neither."""
    held = [one in (text.replace(other, "") if one in other else text), other in text]
    return held.index(True) if sum(held) == 1 else None


def _denies(one: str, other: str) -> bool:
    return any(f"会{verb}" in other and f"不会{verb}" not in other for verb in DENIED.findall(one))


def _polarity(text: str) -> str | None:
    """What the opening of an answer says: yes, no, or neither; the earlier word decides."""
    head = A_NOT_A.sub("", ASKED.sub("", text[:HEAD]))
    for idiom in words("not_negations"):
        head = head.replace(idiom, "")
    no, yes = NO.search(head), YES.search(head)
    if no and (not yes or no.start() <= yes.start()):
        return "no"
    return "yes" if yes else None


def _alike(one: str, other: str) -> float:
    return 1.0 if one == other else jaccard(_shingles(one), _shingles(other))


@lru_cache(maxsize=1 << 10)
def _shingles(view: str) -> frozenset[str]:
    """Of a view that may come again: a winner is measured against all of its cluster."""
    return shingles(view, SIZES)
