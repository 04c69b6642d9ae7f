"""What must be equal for two texts to say the same: their numbers with units, dates, negations and names."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import polars as pl

from curate.duplicates.texts.fact_patterns import (
    BARE_NUMBER,
    CHINESE_DATE,
    CHINESE_NEGATION,
    ENGLISH_DATE,
    ENGLISH_NEGATION,
    HEADED_NUMBER,
    MAY_BE_CHINESE_DATE,
    NEGATING_CHARACTERS,
    NEGATING_WORDS,
    PLURAL,
    SPELT_NUMBER,
)
from curate.duplicates.texts.normalize import fold, fold_each
from curate.duplicates.texts.script_patterns import (
    BOTH,
    TEXT,
    GuardedPattern,
    ScriptPatterns,
    alternatives,
    by_length,
    may_hold,
)
from rules.lexicons import lexicon

TURN = "\x1e"
"""Stands between two turns that are read for facts as one: what is denied in one does not reach into the next."""
WORD_OR_TURN = re.compile(rf"[^\W_]+|{TURN}")
LATIN_WORD = re.compile(r"[a-z][a-z0-9+#-]+")
HAN = re.compile(r"[\u3400-\u9fff]")

BATCH, MIN_SCREENED = 4096, 16
"""Texts. More at once would not be faster, only take more memory; fewer are read without a screen."""


class Facts(NamedTuple):
    """What must be equal, in its order, for two texts to say the same."""

    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    negations: tuple[str, ...]
    names: tuple[str, ...]


COURTESIES = by_length(entry for entry in lexicon("honorifics") if "=" not in entry)
"""Honorifics and particles that are left out of a normalized text: they change nothing beside a negation either."""
IDIOMS = by_length(lexicon("not_negations"))
LEFT_OUT = tuple(re.compile(alternatives(entries)) for entries in (COURTESIES, IDIOMS))
MAY_BE_LEFT_OUT = "|".join([r"[^\x00-\x7f]", *filter(str.isascii, map(pl.escape_regex, COURTESIES + IDIOMS))])
NEEDS_STRIPPING = may_hold(MAY_BE_LEFT_OUT) & may_hold(f"[{NEGATING_CHARACTERS}a-z]")
"""Texts in which a negation is perhaps not read as it stands: something may be left out beside it."""
MIXES_SCRIPTS = may_hold(r"[\u3400-\u9fff]") & may_hold("[a-z]")

NUMBERS = ScriptPatterns(
    GuardedPattern(BARE_NUMBER, may_hold(r"[0-9]|[^\x00-\x7f]")),
    GuardedPattern(
        rf"{HEADED_NUMBER}|(?<![a-z])(?:{SPELT_NUMBER})(?![a-z])",
        may_hold(rf"[a-z][^\x00-/:-\x7f\u3400-\u9fff]|(?:^|[^a-z])(?:{SPELT_NUMBER})(?:[^a-z]|$)"),
    ),
)
DATES = ScriptPatterns(
    GuardedPattern(CHINESE_DATE, may_hold(MAY_BE_CHINESE_DATE)),
    GuardedPattern(rf"(?<![a-z])(?:{ENGLISH_DATE})(?![a-z])", may_hold(ENGLISH_DATE)),
)
NEGATIONS = ScriptPatterns(
    GuardedPattern(CHINESE_NEGATION, may_hold(f"[{NEGATING_CHARACTERS}]")),
    GuardedPattern(
        ENGLISH_NEGATION,
        may_hold(rf"(?:^|[^a-z])(?:{NEGATING_WORDS})(?:[^a-z]|$)|n['’]t") | NEEDS_STRIPPING & may_hold("[a-z]"),
    ),
)


def facts_of_each(texts: Iterable[str], names: Collection[str] = ()) -> list[Facts]:
    """Read the facts of every text; `names` are product names beside those of the lexicon, in lowercase letters."""
    texts = list(texts)
    distinct = list(dict.fromkeys(texts))
    found: dict[str, Facts] = {}
    for start in range(0, len(distinct), BATCH):
        batch = distinct[start : start + BATCH]
        found.update(zip(batch, _read(fold_each(batch), _name_patterns(frozenset(names))), strict=True))
    return [found[text] for text in texts]


def facts(text: str, names: Collection[str] = ()) -> Facts:
    """Read the facts of one text."""
    return facts_of_each([text], names)[0]


def differs_in_fact(first: str, second: str, names: Collection[str] = ()) -> bool:
    """Tell whether the two differ in a number, a unit, a date, a negation, a name, or, in Chinese, a Latin word."""
    return facts(first, names) != facts(second, names)


def _read(texts: list[str], name_patterns: ScriptPatterns) -> Iterator[Facts]:
    """Read the facts of folded texts."""
    screens = _screened(texts, name_patterns)
    for text, (number, date, negation, name, needs_stripping, mixes_scripts) in zip(texts, screens, strict=True):
        names = name_patterns.find[name](text)
        if mixes_scripts and HAN.search(text):
            names += LATIN_WORD.findall(text)
        yield Facts(
            tuple(map(_canonical_number, NUMBERS.find[number](text))),
            tuple(map(_without_spaces, DATES.find[date](text))),
            tuple(map(_evenly_spaced, NEGATIONS.find[negation](_stripped(text) if needs_stripping else text))),
            tuple(names),
        )


def _screened(texts: list[str], name_patterns: ScriptPatterns) -> Iterable[tuple[int, ...]]:
    """Find what each text is worth reading for. A few are read for everything: that is quicker than a screen."""
    if len(texts) < MIN_SCREENED:
        return [(BOTH, BOTH, BOTH, BOTH, True, True)] * len(texts)
    screens = [NUMBERS.which, DATES.which, NEGATIONS.which, name_patterns.which, NEEDS_STRIPPING, MIXES_SCRIPTS]
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(screen.alias(str(column)) for column, screen in enumerate(screens)).iter_rows()


@lru_cache(1 << 14)
def _canonical_number(number: str) -> str:
    """Write a number one way: without spaces, its unit in the singular."""
    return PLURAL.sub("", _without_spaces(number))


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _evenly_spaced(text: str) -> str:
    return " ".join(text.split())


def _stripped(text: str) -> str:
    """Strip what stands beside negations: idioms and courtesies, and in Chinese all between the characters."""
    bare = LEFT_OUT[1].sub("", LEFT_OUT[0].sub("", text))
    return "".join(WORD_OR_TURN.findall(bare)) if HAN.search(text) else bare


@cache
def opposites() -> tuple[tuple[str, str], ...]:
    """The pairs of words of which one denies the other."""
    return tuple((first, second) for first, second in (pair.split("=") for pair in lexicon("opposites")))


@cache
def _name_patterns(names: frozenset[str]) -> ScriptPatterns:
    """The patterns of all product names and of the words that have an opposite; Latin ones as whole words."""
    contrasted = (word for pair in opposites() for word in pair)
    own = (fold(name.strip()) for name in names if name.strip())
    entries = by_length({*lexicon("products"), *contrasted, *own})

    latin = [name for name in entries if name.isascii()]
    non_latin = [name for name in entries if not name.isascii()]
    whole_words = rf"(?<![a-z])(?:{alternatives(latin)})(?![a-z])"
    non_latin_firsts = re.escape("".join(sorted({name[0] for name in non_latin})))
    return ScriptPatterns(
        GuardedPattern(alternatives(non_latin), TEXT.str.contains_any(non_latin)),
        GuardedPattern(whole_words, TEXT.str.contains_any(latin)),
        rf"(?=[{non_latin_firsts}])(?:{alternatives(non_latin)})|{whole_words}",
    )
