"""What must be called by its name: models, brands, codes and people, as they stand in Latin letters or in quotes."""

import re
from functools import lru_cache

from rules.lexicons import lexicon
from schemas.folding import folded

LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-+.'’&][A-Za-z0-9]+)*")
HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"[“\"「『《]([^”\"」』》\n]{1,40})[”\"」』》]")
EVERYDAY_ZH = frozenset(lexicon("everyday_latin"))
"""Latin words of Chinese texts that are said in Chinese, too, or left out."""
STARTS = re.compile(r"(?:^|[.!?:;\n…]\s*|[\"“(]\s*|-\s+)$")
EVERYDAY_EN = frozenset(lexicon("everyday_capitals"))


@lru_cache(1 << 14)
def _words(text: str) -> frozenset[str]:
    return frozenset(_folded(word) for word in LATIN.findall(text))


def _folded(word: str) -> str:
    word = folded(word).replace("’", "'")
    return re.sub(r"'s$|s'$", "", word)


def squeezed(text: str) -> str:
    """Fold a text and leave its letters and digits alone: gpt4 is found in GPT-4."""
    return re.sub(r"[\W_]+", "", folded(text))


@lru_cache(1 << 14)
def names_in(text: str, *, chinese: bool) -> frozenset[str]:
    """List the names of a text: Latin words in Chinese; in English what has capitals or digits, but no first word."""
    found = set()
    for match in LATIN.finditer(text):
        word, before = match[0], text[: match.start()]
        if chinese:
            is_name = len(word) > 1 and _folded(word) not in EVERYDAY_ZH
        else:
            is_plain = word[0].islower() or STARTS.search(before)
            has_shape = any(char.isdigit() for char in word) or any(char.isupper() for char in word[1:])
            shouts = word.isupper() and len(word) > 3 and word.isalpha()
            is_name = (
                (has_shape or not is_plain)
                and not {_folded(word), _folded(word).removesuffix("s")} & EVERYDAY_EN
                and not shouts
            )
        if is_name:
            found.add(_folded(word))
    return frozenset(found)


def lost(parent: str, text: str, *, chinese: bool) -> list[str]:
    """List the names of a parent that are not in its rewording."""
    within = squeezed(text)
    return sorted(name for name in names_in(parent, chinese=chinese) if squeezed(name) not in within)


def added(text: str, known: str, *, chinese: bool) -> list[str]:
    """List the names of a rewording that stand nowhere in what is known."""
    within = squeezed(known)
    return sorted(name for name in names_in(text, chinese=chinese) if squeezed(name) not in within)


def quoted(text: str) -> frozenset[str]:
    """List what stands in quotes, folded: a button, a title, an error message."""
    return frozenset(squeezed(match) for match in QUOTED.findall(text) if squeezed(match))
