"""A text without its tone: what is left when width, case, pauses, particles and greetings are taken away."""

import re
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from curate.cleaning.chinese import simplified_characters
from schemas.folding import folded

PARTICLES = re.compile(r"请问一下|请问|麻烦|你好|您好|谢谢|[吗呢啊呀吧哦么啦嘛哈哟呗阿的了请]")
GREETINGS = re.compile(
    r"\b(?:hi there|hi|hello|hey|please|pls|thanks|thank you|just|so|well|the|a|an|do|does|is|are|it|to)\b"
)
NO_WORD = re.compile(r"[\s\W_]+")


@cache
def _table() -> dict[int, str]:
    return str.maketrans(simplified_characters())


@lru_cache(1 << 14)
def simplified(text: str) -> str:
    """Fold width and case, and write Chinese in simplified characters."""
    return folded(text).translate(_table())


@lru_cache(1 << 14)
def bare(text: str) -> str:
    """Reduce a text to the letters and digits that carry its meaning; to all of them where nothing else is left."""
    plain = simplified(text).replace("您", "你")
    without = NO_WORD.sub("", GREETINGS.sub("", PARTICLES.sub("", plain)))
    return without or NO_WORD.sub("", plain)


def bigrams(text: str) -> frozenset[str]:
    """Take the pairs of neighbouring characters of a bare text; the text itself where it has one character."""
    letters = bare(text)
    return frozenset(letters[n : n + 2] for n in range(len(letters) - 1)) or frozenset({letters})


def jaccard(first: str, second: str) -> float:
    """Measure how many of the pairs of both texts are pairs of either: 0 to 1."""
    ours, theirs = bigrams(first), bigrams(second)
    return len(ours & theirs) / len(ours | theirs)


def unedited(first: str, second: str) -> float:
    """Measure the share of letters that need no edit between both bare texts: 0 to 1."""
    return float(OSA.normalized_similarity(bare(first), bare(second)))


def length(text: str) -> float:
    """Measure how much a text says, in Han characters; two and a half other letters count as one."""
    letters = NO_WORD.sub("", text)
    han = sum("\u3400" <= letter <= "\u9fff" for letter in letters)
    return han + (len(letters) - han) / 2.5
