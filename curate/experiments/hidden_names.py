"""Hides in an answer who wrote it: the assistant's names, its rivals' and their makers', behind one and the same sign.

One word too many hidden in both answers costs little; one name left shows which model was tuned. So every spelling
counts, also where it may mean something else.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from curate.cleaning.chinese import simplified_characters
from schemas.identity import Identity
from schemas.introductions.claims import own_names
from schemas.introductions.known import any_name, known
from schemas.introductions.words import for_python

SIGN = "███"
"""What stands for every name, in either language."""
PARTS = re.compile(
    r"[\s_·-]+|(?<=[a-z])(?=[A-Z])|(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])"
)
"""Where people write a space in a name, a hyphen, or nothing: Tech Bar, TechBar, Tech-Bar."""
SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?\n]+|\.(?=\s)|$)")
FIRST_PERSON = re.compile(r"我|本人|本助手|(?<![A-Za-z])(?:I|I'm|I’m|my|me|myself)(?![A-Za-z])")
"""A maker's name is a name of the assistant's where it speaks of itself; elsewhere an apple is an apple."""
SAID_OF_SIGNS = re.compile(f"{SIGN}(?:[ ·]?{SIGN})+")


def hide_names(text: str, identity: Identity) -> str:
    """Put SIGN for every name; names next to each other become one."""
    spans = sorted(_spans(_plain(text), identity))
    parts, at = [], 0
    for begin, end in spans:
        if end <= at:
            continue
        if begin >= at:
            parts += [text[at:begin], SIGN]
        at = end
    return SAID_OF_SIGNS.sub(SIGN, "".join([*parts, text[at:]]))


def _spans(text: str, identity: Identity) -> Iterator[tuple[int, int]]:
    """Find where names stand in a text that was made plain."""
    for name in own_names(identity):
        yield from (match.span() for match in _spelled(_plain(name)).finditer(text))
    yield from (match.span() for match in for_python(_assistants(identity.rivals)).finditer(text))
    for sentence in SENTENCE.finditer(text):
        if FIRST_PERSON.search(sentence[0]):
            for match in for_python(_makers()).finditer(text, *sentence.span()):
                yield match.span()


class _Characters(dict[int, str]):
    """Each character in simplified form and narrow, one for one, so that places in both texts are the same."""

    def __missing__(self, point: int) -> str:
        narrow = unicodedata.normalize("NFKC", chr(point))
        plain = narrow if len(narrow) == 1 else chr(point)
        self[point] = simplified_characters().get(plain, plain)
        return self[point]


CHARACTERS = _Characters()


def _plain(text: str) -> str:
    return text.translate(CHARACTERS)


@cache
def _spelled(name: str) -> re.Pattern[str]:
    """Make a pattern of a name in any spacing and case; a Latin one never begins or ends inside a word, but for humps:
    XiaoMiao has Miao in it, and so has MiaoPrint.
    """
    parts = [part for part in PARTS.split(name.strip()) if part]
    body = r"[\s_·-]?".join(re.escape(part) if part.isascii() else r"\s?".join(map(re.escape, part)) for part in parts)
    before = r"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))" if name[:1].isascii() else ""
    after = r"(?![a-z])" if name[-1:].isascii() else ""
    return re.compile(f"{before}(?i:{body}){after}")


@cache
def _assistants(rivals: tuple[str, ...]) -> str:
    return any_name((*known("rivals"), *known("assistants"), *rivals))


@cache
def _makers() -> str:
    return any_name(known("makers"))
