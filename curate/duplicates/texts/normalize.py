"""Texts as they are compared: width, case, script, pauses and politeness folded away."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.cleaning.chinese import simplified_characters
from rules.lexicons import lexicon
from schemas.folding import folded

NOT_ALPHANUMERIC = re.compile(r"[\s\W_]+")
PAUSE = r"[\p{P}\s~^`|\u200b-\u200d\ufeff]"
"""What is not compared. Signs such as + or ℃ and emoji are: they can be the whole point."""
PAUSES = f"[{PAUSE}--[ ]]{PAUSE}*| {PAUSE}+"
"""What becomes one space, other than one space."""
LATIN_GAP = r"[\x00-\x1f!-\u024f] +[\x00-\x1f!-\u024f]"
"""Latin words with a space between."""
COMMON = r"\x01-\x7f\xb7\xd7\u2012-\u2016\u2018-\u2023\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e\uffe5"
"""Characters that fold to exactly one character each, whatever stands beside them."""
RARE = re.compile(f"[^{COMMON}]")


def alphanumeric(text: str) -> str:
    """Reduce a text to its letters and digits: NFKC, lowercase, without spaces and punctuation."""
    return NOT_ALPHANUMERIC.sub("", folded(text))


def normalize(texts: pl.Series) -> pl.Series:
    """Reduce texts to what near-duplicates are found by: NFKC, lowercase, simplified, without pauses and politeness.

    Politeness is honorifics and particles. One space stays between Latin words. A text that would be empty stays as it
    is.
    """
    # width, case and script
    plain = _change_where(r"[^\x00-\x7f]", texts, lambda batch: batch.str.normalize("NFKC"))
    plain = _simplify(_change_where(f"[A-Z]|[^{COMMON}]", plain, lambda batch: batch.str.to_lowercase()))

    # pauses, n't before them: don't would become "don t"; then politeness, and the spaces that are left
    spaced = plain.str.replace_all(r"n['’]t(\W|$)", "nt$1").str.replace_all(PAUSES, " ")
    bare = _squeeze(_without_politeness(spaced)).str.strip_chars()

    frame = pl.DataFrame({"bare": bare, "plain": plain.str.strip_chars(), "text": texts})
    fullest = pl.when(pl.col("bare") != "").then("bare").when(pl.col("plain") != "").then("plain").otherwise("text")
    return frame.select(fullest).to_series().rename(texts.name)


def _change_where(pattern: str, texts: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Change the texts that hold the pattern: the others would stay the same, but take as long."""
    holds = texts.str.contains(pattern)
    return texts.clone().scatter(holds.arg_true(), change(texts.filter(holds)))


def _simplify(texts: pl.Series) -> pl.Series:
    def change(batch: pl.Series) -> pl.Series:
        return batch.map_elements(lambda text: text.translate(_simplified_table()), return_dtype=pl.String)

    return _change_where(f"[{''.join(simplified_characters())}]", texts, change)


def _squeeze(texts: pl.Series) -> pl.Series:
    """Take away the spaces beside other letters than Latin ones."""
    with_gaps = texts.filter(has_gap := texts.str.contains(LATIN_GAP)).str.replace_all(r"([^\x00-\u024f]) +", "$1")
    with_gaps = with_gaps.str.replace_all(r" +([^\x00-\u024f])", "$1")
    return texts.str.replace_all(" ", "", literal=True).scatter(has_gap.arg_true(), with_gaps)


@cache
def _simplified_table() -> dict[int, str]:
    return str.maketrans(simplified_characters())


def _without_politeness(texts: pl.Series) -> pl.Series:
    """Replace each honorific by its plain form, and what has none by nothing; the longest that fits counts."""
    plain_forms = dict(entry.partition("=")[::2] for entry in lexicon("honorifics"))
    ordered = sorted(plain_forms, key=len, reverse=True)
    return texts.str.replace_many(ordered, [plain_forms[entry] for entry in ordered], leftmost=True)


def fold_each(texts: list[str]) -> list[str]:
    """Fold every text: by a table, all in one, where each of its characters is a common one."""
    common = [text for text in texts if not (text.isascii() or RARE.search(text))]

    # \0 is not common: it stands between the texts, and the table leaves it as it is
    codes = np.frombuffer("\0".join(common).encode("utf-32-le"), "<u4")
    by_table = _fold_table()[codes].tobytes().decode("utf-32-le").split("\0")
    quick = dict(zip(common, by_table, strict=False))
    return [quick[text] if text in quick else fold(text) for text in texts]


def fold(text: str) -> str:
    """Fold a text: NFKC, lowercase, simplified."""
    plain = folded(text)
    return plain if plain.isascii() else plain.translate(_simplified_table())


@cache
def _fold_table() -> npt.NDArray[np.uint32]:
    """The code point that every common character becomes."""
    table = np.arange(1 << 16, dtype="<u4")
    for letter in RARE.sub("", "".join(map(chr, range(1 << 16)))):
        table[ord(letter)] = ord(fold(letter))
    return table
