"""When two answers to the same question contradict each other, and the table that a version keeps of it."""

import re
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from curate.duplicates.similarity.shingles import SIZES, jaccard, shingles
from curate.duplicates.texts.fact_patterns import DAYS_OF_WEEK, ENGLISH_DATE, NUMBER, PLURAL, UNIT
from curate.duplicates.texts.facts import opposites
from curate.duplicates.texts.number_words import DIGITS, ENGLISH_VALUES, LARGE, NUMERALS, TENS
from rules.lexicons import lexicon
from schemas.folding import folded

CONFLICTS = "conflicts"
CONFLICT_TABLE = pl.Schema(
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

`differs` says in what the answer contradicts that of the twin: number, dates, polarity, wording; for `noted` it names
the facts in which the questions differ. `likeness` is the Jaccard similarity of the questions.
"""
A_NOT_A = re.compile(r"(.)不\1(?:以)?|可不可以|有没有|能否|可否|是否|会否")
"""能不能 and its like ask; neither half of them says yes or no."""
ASKED_BACK = re.compile(r"[^，。！；,.!;\n]*(?:吗|嘛|(?<![什怎这那多])么|[?？])")
"""A clause of an answer that asks something back."""
SAYS_NO = re.compile(
    r"不(?:可以|能|行|支持|是|会|用|需要|提供|包|含|在|给|退|换|对)|没有|没法|无法|无需|暂无|未能|(?<![a-z])(?:no|not|cannot|never|unable"
    r"|unfortunately)(?![a-z])|n['’]t(?![a-z])"
)
SAYS_YES = re.compile(
    r"可以|能够|能(?!否|不能)|支持|是的|有的|会的|需要|提供|没问题|好的|行的|对的"
    r"|(?<![a-z])(?:yes|sure|certainly|of course|can|may|will)(?![a-z])"
)
ASKS = re.compile(
    r"吗|嘛|什么|怎么|怎样|如何|多久|多少|几|哪|谁|为何|是否|能否|可否|能不能|可不可以|是不是|有没有|[?？]"
    r"|(?<![a-z])(?:what|how|when|where|why|who|which|can|could|do|does|is|are|will|may)(?![a-z])"
)
DENIED_VERB = re.compile(r"不会?([\u3400-\u9fff]{2})")
HEAD = 40
"""Characters of an answer in which it says yes or no."""
QUANTITY = re.compile(rf"([$€£¥]?)\s*(\d+(?:[.,:]\d+)*|[{NUMERALS}]+)\s*(.*)", re.DOTALL)
"""Of a number as facts know it: the currency before it, its value, and its unit."""
AMOUNT = re.compile(rf"[$€£¥]\s*\d+(?:[.,]\d+)*|(?<![a-z])(?:{'|'.join(ENGLISH_VALUES)})\s+(?:{UNIT})|{NUMBER.pattern}")
PERCENT = "百分之"
MAX_AMOUNT_DIGITS = 6
"""A longer number without a unit is a reference, not an amount."""
WEEKDAY = re.compile(rf"(?:周|星期|礼拜)([{DAYS_OF_WEEK}])|(?<![a-z])({ENGLISH_DATE})(?![a-z])")
SAME_UNIT = {"块": "元", "¥": "元", "yuan": "元", "rmb": "元", "cny": "元", "$": "dollar", "usd": "dollar", "€": "euro"}
SAME_UNIT |= {"£": "pound", "钟": "分钟", "号": "日", "hr": "hour", "min": "minute"}
Amounts = dict[str, set[str]]
"""The values that a text gives of each unit."""


class ComparedAnswer(NamedTuple):
    """An answer, and its normalized text, by which wordings are compared."""

    text: str
    normalized: str


def contradicts(question: str, first: ComparedAnswer, second: ComparedAnswer, wording: float) -> tuple[str, ...]:
    """Name in what two answers contradict each other: `number`, `dates`, `polarity`, `wording` (less alike than that).

    Other words contradict only where something was asked: `订单号是…` is met with anything.
    """
    first_text, second_text = (folded(answer.text) for answer in (first, second))
    differences = []
    if _clash(_amounts(first_text), _amounts(second_text)):
        differences.append("number")
    if _clash(_weekdays(first_text), _weekdays(second_text)):
        differences.append("dates")
    if {_polarity(first_text), _polarity(second_text)} == {"yes", "no"} or _opposed(first_text, second_text):
        differences.append("polarity")
    if ASKS.search(question.casefold()) and _similarity(first.normalized, second.normalized) < wording:
        differences.append("wording")
    return tuple(differences)


def _clash(first: Amounts, second: Amounts) -> bool:
    """Tell whether both count the same thing and neither says all that the other says."""
    shared = first.keys() & second.keys()
    return any(not (first[unit] <= second[unit] or second[unit] <= first[unit]) for unit in shared)


def _amounts(text: str) -> Amounts:
    """Collect the numbers of a text by their unit, those without one apart."""
    amounts: Amounts = {}
    for number in AMOUNT.findall(text):
        # two shapes: an English word with its unit, or what facts take for a number
        word, _, rest = number.partition(" ")
        if word in ENGLISH_VALUES:
            value, unit = str(ENGLISH_VALUES[word]), rest.strip()
        elif counted := QUANTITY.fullmatch(number.removeprefix(PERCENT)):
            value = _value(counted[2])
            unit = ":" if ":" in value else "%" if number.startswith(PERCENT) else counted[1] or counted[3]
        else:
            continue

        # 三个小时 is 三小时, 3 hours is 3 hour, 39.9块 is ¥39.9
        unit = PLURAL.sub("", unit).removeprefix("个" if len(unit) > 1 else "")
        if unit or len(value) <= MAX_AMOUNT_DIGITS:
            amounts.setdefault(SAME_UNIT.get(unit, unit), set()).add(value)
    return amounts


def _value(number: str) -> str:
    """Write a number in digits; one in characters stays as it is where it is none that counts, as 几.

    A digit waits for the ten, hundred or thousand behind it; those add up to a section, which a 万 or 亿 multiplies:
    三万五千 is 3 * 10,000 + 5 * 1,000. A 十 without a digit before it is one ten.
    """
    if not set(number) <= set(NUMERALS):
        return number.replace(",", "")

    value = section = digit = 0
    for numeral in number:
        if numeral in DIGITS:
            digit = DIGITS[numeral]
        elif numeral in TENS:
            section += (digit or 1) * TENS[numeral]
            digit = 0
        elif numeral in LARGE:
            value += (section + digit or 1) * LARGE[numeral]
            section = digit = 0
        else:
            return number
    return str(value + section + digit)


def _weekdays(text: str) -> Amounts:
    """Collect the days that a text names, under one unit."""
    days = {chinese.replace("天", "日") or english for chinese, english in WEEKDAY.findall(text)}
    return {"day": days} if days else {}


def _opposed(first: str, second: str) -> bool:
    """Tell whether one says what the other denies: 免费 and 收费, 会掉色 and 不掉色."""
    excluded = any({_word_of_pair(first, *pair), _word_of_pair(second, *pair)} == {0, 1} for pair in opposites())
    return excluded or _denies(first, second) or _denies(second, first)


def _word_of_pair(text: str, word: str, opposite: str) -> int | None:
    """Tell which of two words a text holds, 0 or 1; None where it holds both or neither.

    A word inside its opposite does not count: 包邮 is not said by 不包邮.
    """
    holds = [word in (text.replace(opposite, "") if word in opposite else text), opposite in text]
    return holds.index(True) if sum(holds) == 1 else None


def _denies(first: str, second: str) -> bool:
    """Tell whether the first denies a verb that the second says will happen."""
    return any(f"会{verb}" in second and f"不会{verb}" not in second for verb in DENIED_VERB.findall(first))


def _polarity(text: str) -> str | None:
    """Tell what the opening of an answer says: yes, no, or neither; the earlier word decides."""
    head = A_NOT_A.sub("", ASKED_BACK.sub("", text[:HEAD]))
    for idiom in lexicon("not_negations"):
        head = head.replace(idiom, "")
    no, yes = SAYS_NO.search(head), SAYS_YES.search(head)
    if no and (not yes or no.start() <= yes.start()):
        return "no"
    return "yes" if yes else None


def _similarity(first: str, second: str) -> float:
    return 1.0 if first == second else jaccard(_shingles(first), _shingles(second))


@lru_cache(maxsize=1 << 10)
def _shingles(normalized: str) -> frozenset[str]:
    """Cut a text that may come again: a winner is measured against all of its cluster."""
    return shingles(normalized, SIZES)
