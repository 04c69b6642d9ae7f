"""The parts that a text gives to our own names: the name it says it has, the maker it says it has, neither."""

import re
from collections.abc import Sequence

from schemas.introductions.chinese import STRICT_ZH, ZH
from schemas.introductions.claims import PLAIN
from schemas.introductions.english import EN, FROM_EN, STRICT_EN
from schemas.introductions.words import ASIDES, DENIALS, MAKER, NAME, OWN, PERSON, QUOTES, SPACES, WORDS, for_python

LOOSE, STRICT = (*ZH, *EN), (*STRICT_ZH, *FROM_EN, *STRICT_EN)


def says_its_name(text: str, names: Sequence[re.Pattern[str]], others: Sequence[re.Pattern[str]] = ()) -> bool:
    """Tell whether a text says that it is called, or made by, one of the names; `others` of ours are set aside."""
    return _claims(_marked(text, names, NAME, others), LOOSE)


def says_its_maker(
    text: str, names: Sequence[re.Pattern[str]], others: Sequence[re.Pattern[str]] = (), *, strict: bool = False
) -> bool:
    """Tell whether a text says that one of the names made it; `strict`: by every pattern for makers that there is."""
    return _claims(_marked(text, names, MAKER, others), (*LOOSE, *STRICT) if strict else LOOSE)


def stands_undenied(text: str, names: Sequence[re.Pattern[str]]) -> bool:
    """Tell whether one of the names stands where nothing is denied, supposed, compared, or said by others."""
    return NAME in _marked(text, names, NAME, ())


def _marked(text: str, names: Sequence[re.Pattern[str]], sign: str, others: Sequence[re.Pattern[str]]) -> str:
    """Put signs for names, and cut what says nothing of the speaker."""
    text = text.translate(PLAIN)
    for patterns, new in ((others, OWN), (names, sign)):
        for pattern in patterns:
            text = pattern.sub(new, text)
    for steps in (SPACES, QUOTES, PERSON, DENIALS, ASIDES):
        for step, new in steps:
            text = for_python(step).sub(new, text)
    return text


def _claims(text: str, patterns: Sequence[str]) -> bool:
    for step, new in WORDS:
        text = for_python(step).sub(new, text)
    return any(for_python(pattern).search(text) for pattern in patterns)
