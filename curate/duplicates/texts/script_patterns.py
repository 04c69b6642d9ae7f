"""Patterns of two scripts, each with a screen: a text that holds nothing of a script is not read for it.

Reading a million texts for every pattern takes minutes; polars looks through a column for a screen many times faster.
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple

import polars as pl

TEXT = pl.col("text")
"""The column that screens look at."""
NEITHER, NON_LATIN, LATIN, BOTH = range(4)
"""What a text may hold, as `ScriptPatterns.which` says it."""


class GuardedPattern(NamedTuple):
    """A pattern, and whether it can find something in a text at all.

    `may` may let too many texts pass, never too few. It is for polars, which reads a column many times faster than `re`
    but knows no lookaround, and whose white space and digits are not quite the same: it names characters instead.
    """

    pattern: str
    may: pl.Expr


class ScriptPatterns:
    """What is written in Latin letters and what is not: a text that holds one of them is not read for the other.

    `find[which]` finds nothing (NEITHER), what is not Latin (NON_LATIN), what is (LATIN), or BOTH.
    """

    def __init__(self, non_latin: GuardedPattern, latin: GuardedPattern, both: str = "") -> None:
        patterns = (non_latin.pattern, latin.pattern, both or f"{non_latin.pattern}|{latin.pattern}")
        self.which = non_latin.may.cast(pl.Int8) + LATIN * latin.may.cast(pl.Int8)
        self.find: tuple[Callable[[str], list[str]], ...] = (_nothing, *(re.compile(each).findall for each in patterns))


def _nothing(_: str) -> list[str]:
    return []


def may_hold(pattern: str) -> pl.Expr:
    """Whether a text holds a pattern, which polars must know."""
    return TEXT.str.contains(pattern)


def by_length(entries: Iterable[str]) -> list[str]:
    """Sort the entries, the longest first: a pattern takes the first alternative that fits."""
    return sorted(entries, key=lambda entry: (-len(entry), entry))


def alternatives(entries: list[str]) -> str:
    """Write a pattern of the entries; those of one first character share a branch, in the order given.

    It finds what `a|b|c` finds, faster: a character that begins no entry is passed over at once.
    """
    branches = groupby(sorted(entries, key=lambda entry: entry[0]), key=lambda entry: entry[0])
    return "|".join(
        f"{re.escape(first)}(?:{'|'.join(re.escape(entry[1:]) for entry in branch)})" for first, branch in branches
    )
