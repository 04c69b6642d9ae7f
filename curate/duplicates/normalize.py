"""Texts as they are compared: width, case, script, pauses and politeness folded away."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.cleaning.chinese import simplified_characters
from rules.lexicons import words

UNSAID = re.compile(r"[\s\W_]+")
PAUSE = r"[\p{P}\s~^`|\u200b-\u200d\ufeff]"
"""What is not compared. Signs such as + or ℃ and emoji are: they can be the whole point."""
PAUSES = f"[{PAUSE}--[ ]]{PAUSE}*| {PAUSE}+"
"""What becomes one space, other than one space."""
APART = r"[\x00-\x1f!-\u024f] +[\x00-\x1f!-\u024f]"
"""Latin words with a space between."""
COMMON = r"\x01-\x7f\xb7\xd7\u2012-\u2016\u2018-\u2023\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e\uffe5"
"""Characters that fold to one other each, whatever stands beside them."""
RARE = re.compile(f"[^{COMMON}]")


def plain_view(text: str) -> str:
    """The text as it is compared: NFKC, small letters, without spaces and punctuation. Digits and words stay."""
    return UNSAID.sub("", unicodedata.normalize("NFKC", text).casefold())


def near_views(texts: pl.Series) -> pl.Series:
    """Texts as near-duplicates are found by: NFKC, small letters, simplified, without pauses, honorifics and particles.

    One space stays between Latin words. A text of which nothing would be left stays as it is.
    """
    plain = _where(r"[^\x00-\x7f]", texts, lambda some: some.str.normalize("NFKC"))
    plain = _simplified(_where(f"[A-Z]|[^{COMMON}]", plain, lambda some: some.str.to_lowercase()))
    said = plain.str.replace_all(r"n['’]t(\W|$)", "nt$1").str.replace_all(PAUSES, " ")
    squeezed = _squeezed(_polite(said)).str.strip_chars()
    frame = pl.DataFrame({"seen": squeezed, "plain": plain.str.strip_chars(), "text": texts})
    left = pl.when(pl.col("seen") != "").then("seen").when(pl.col("plain") != "").then("plain").otherwise("text")
    return frame.select(left).to_series().rename(texts.name)


def _where(pattern: str, texts: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The texts, and those that hold the pattern changed: the others would not change, but take as long."""
    here = texts.str.contains(pattern)
    return texts.clone().scatter(here.arg_true(), change(texts.filter(here)))


def _simplified(texts: pl.Series) -> pl.Series:
    def change(some: pl.Series) -> pl.Series:
        return some.map_elements(lambda text: text.translate(_simplified_table()), return_dtype=pl.String)

    return _where(f"[{''.join(simplified_characters())}]", texts, change)


def _squeezed(texts: pl.Series) -> pl.Series:
    """Without the spaces beside other letters than Latin ones."""
    beside = texts.filter(apart := texts.str.contains(APART)).str.replace_all(r"([^\x00-\u024f]) +", "$1")
    beside = beside.str.replace_all(r" +([^\x00-\u024f])", "$1")
    return texts.str.replace_all(" ", "", literal=True).scatter(apart.arg_true(), beside)


@cache
def _simplified_table() -> dict[int, str]:
    return str.maketrans(simplified_characters())


def _polite(texts: pl.Series) -> pl.Series:
    pairs = dict(entry.partition("=")[::2] for entry in words("honorifics"))
    ordered = sorted(pairs, key=len, reverse=True)
    return texts.str.replace_many(ordered, [pairs[entry] for entry in ordered], leftmost=True)


Codes = npt.NDArray[np.uint32]


def folded(texts: list[str]) -> list[str]:
    """NFKC, small letters, simplified: by a table, all texts in one, where every character is a common one."""
    common = [text for text in texts if not (text.isascii() or RARE.search(text))]
    codes = np.frombuffer("\0".join(common).encode("utf-32-le"), "<u4")
    table = _fold_table()[codes].tobytes().decode("utf-32-le").split("\0")
    quick = dict(zip(common, table, strict=False))
    return [quick[text] if text in quick else fold(text) for text in texts]


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain if plain.isascii() else plain.translate(_simplified_table())


@cache
def _fold_table() -> Codes:
    """What every common character becomes."""
    table = np.arange(1 << 16, dtype="<u4")
    for letter in RARE.sub("", "".join(map(chr, range(1 << 16)))):
        table[ord(letter)] = ord(fold(letter))
    return table
