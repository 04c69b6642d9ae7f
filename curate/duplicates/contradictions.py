"""When two answers to the same question contradict each other, and the table that a version keeps of it."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from curate.duplicates.shingles import Sizes, jaccard, shingles
from curate.likeness import NUMBER, PLURAL, UNIT
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
HEAD = 40
"""Characters of an answer in which it says yes or no."""
QUANTITY = re.compile(rf"(\d+(?:[.,]\d+)*)\s*({UNIT})")
SIZES = Sizes()


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
    if _amounts_clash(first, second):
        found.append("number")
    if {_polarity(first), _polarity(second)} == {"yes", "no"}:
        found.append("polarity")
    if ASKING.search(question.casefold()) and _alike(one.view, other.view) < wording:
        found.append("wording")
    return tuple(found)


def _amounts_clash(one: str, other: str) -> bool:
    """Whether both count the same thing and neither says all that the other says."""
    mine, theirs = _amounts(one), _amounts(other)
    shared = mine.keys() & theirs.keys()
    return any(not (mine[unit] <= theirs[unit] or theirs[unit] <= mine[unit]) for unit in shared)


def _amounts(text: str) -> dict[str, set[str]]:
    """The numbers of a text by their unit, those without one apart."""
    found: dict[str, set[str]] = {}
    for number in NUMBER.findall(text):
        counted = QUANTITY.match(number)
        unit = PLURAL.sub("", counted[2]) if counted else ""
        if unit or (number.isdigit() and len(number) <= 6):  # a longer one is a reference, not an amount
            found.setdefault(unit, set()).add(counted[1] if counted else number)
    return found


def _polarity(text: str) -> str | None:
    """What the opening of an answer says: yes, no, or neither; the earlier word decides."""
    head = text[:HEAD]
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
