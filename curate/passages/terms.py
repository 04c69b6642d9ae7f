"""Cuts questions into terms, and finds these in a million passages at once.

A term is a Latin word, a Han character or two in a row: no dictionary is needed, and two that stand together count with
what each of them says. What says nothing of a subject is left out of questions.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.duplicates.texts.normalize import fold_each
from rules.lexicons import any_of, lexicon

Rows = npt.NDArray[np.int64]

SILENT = frozenset(lexicon("silent_words"))
"""Words that say nothing of a subject: texts that share no others are not near each other."""
HAN = r"[\u3400-\u9fff]+"
IS_HAN = re.compile(HAN)
SILENT_HAN = re.compile(any_of(word for word in SILENT if IS_HAN.match(word)))
BATCH = 50_000
"""Passages that are searched at once."""


def terms(texts: Sequence[str]) -> list[list[str]]:
    """Cut each text into its terms, each once. One that says nothing of a subject keeps all its words."""
    return [_terms(words.split(), is_silent=True) or _terms(words.split(), is_silent=False) for words in _plain(texts)]


def rows_of_terms(texts: pl.Series, wanted: Sequence[str]) -> dict[str, Rows]:
    """Find for each wanted term the texts that hold it, as indices in their order."""
    if not wanted:
        return {}
    patterns = {pattern: term for term in wanted for pattern in _spellings(term)}
    spelled = pl.Enum(list(patterns))
    numbers = {term: number for number, term in enumerate(dict.fromkeys(wanted))}
    term_of = np.array([numbers[term] for term in patterns.values()], np.int64)

    pairs = [np.empty(0, np.int64)]
    for start in range(0, len(texts), BATCH):
        plain = _plain(texts[start : start + BATCH].to_list())
        found = plain.str.extract_many(list(patterns), overlapping=True)
        held = found.list.len().to_numpy()
        spellings = found.explode(empty_as_null=False, keep_nulls=False).cast(spelled).to_physical().to_numpy()
        rows = np.repeat(np.arange(start, start + len(held)), held)
        pairs.append(np.unique(term_of[spellings] * len(texts) + rows))

    joined = np.unique(np.concatenate(pairs))
    begins = np.searchsorted(joined, np.arange(len(numbers) + 1) * len(texts))
    return {term: joined[begins[n] : begins[n + 1]] - n * len(texts) for term, n in numbers.items()}


def singular(word: str) -> str:
    """Take the s off a word: refunds is a refund; gas is not a ga, and glass no glas."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _spellings(term: str) -> tuple[str, ...]:
    """List what stands in a plain text for a term: Latin words with the spaces around them, and their plurals."""
    if IS_HAN.match(term):
        return (term,)
    has_plural = len(term) >= 3 and not term.endswith("s")
    return (f" {term} ", f" {term}s ") if has_plural else (f" {term} ",)


def _plain(texts: Sequence[str]) -> pl.Series:
    """Fold texts, and put two spaces around every word, so that each has its own; Han characters in a row are one."""
    folded = pl.Series(fold_each(list(texts)), dtype=pl.String)
    words = folded.str.replace_all("['’]", "").str.replace_all(r"[^\p{L}\p{N}]+", "  ")
    return " " + words.str.replace_all(rf"({HAN})", "  $1  ") + " "


def _terms(words: Sequence[str], *, is_silent: bool) -> list[str]:
    return list(dict.fromkeys(term for word in words for term in _parts(word, is_silent=is_silent)))


def _parts(word: str, *, is_silent: bool) -> Iterator[str]:
    """Cut a word into its terms, without silent ones where they stay silent."""
    if not IS_HAN.match(word):
        if not (is_silent and {word, singular(word)} & SILENT):
            yield singular(word)
        return
    for run in SILENT_HAN.sub(" ", word).split() if is_silent else [word]:
        yield from run
        yield from (run[n : n + 2] for n in range(len(run) - 1))
