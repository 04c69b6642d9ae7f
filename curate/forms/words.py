"""Words that people type into sheets, without the differences that mean nothing."""

import re

from curate.cleaning.chinese import simplified_characters
from schemas.folding import folded

SIGNS = re.compile(r"[\W_]+")
AROUND = re.compile(r"[\s\ufe0f.。,，!！'\"“”‘’`()（）\[\]【】]+")


def simplified(text: str) -> str:
    """Write characters in their simplified form."""
    return text if text.isascii() else "".join(simplified_characters().get(character, character) for character in text)


def bare(name: str) -> str:
    """Write the name of a column without case, width, blanks and signs, in simplified characters."""
    return SIGNS.sub("", simplified(folded(name)))


def plain(word: str) -> str:
    """Write a word of a choice without case, width, blanks, brackets and full stops, in simplified characters; other
    signs stay, since √ and × are words, too.
    """
    return AROUND.sub("", simplified(folded(word)))
