"""Cuts texts into the words that a search compares: Chinese by jieba's dictionary, others at what is no letter."""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

import polars as pl

from curate.duplicates.texts.normalize import normalize
from curate.passages.terms import SILENT, singular
from schemas.errors import InputError

HAN = re.compile(r"[\u3400-\u9fff]+")
RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:['’][^\W_\u3400-\u9fff]+)*")
"""Han characters in a row, or other letters and digits: `don't` is one run, `买iPhone` two."""


def words(texts: Sequence[str]) -> list[list[str]]:
    """Cut each text into its words, folded as near-duplicates are, without those that say nothing of a subject.

    Raises InputError where a text is Chinese and the package that cuts it is missing.
    """
    runs = [RUN.findall(text) for text in texts]
    each = list(dict.fromkeys(chain.from_iterable(runs)))  # agents say the same again and again
    cut = dict(zip(each, map(_words, normalize(pl.Series(each, dtype=pl.String))), strict=True))
    return [[word for run in found for word in cut[run]] for found in runs]


def _words(run: str) -> list[str]:
    return [word for word in chain.from_iterable(map(_parts, RUN.findall(run))) if word not in SILENT]


def _parts(run: str) -> Iterator[str]:
    if HAN.match(run):
        # Words inside of words, too: 运费 is in 货运费. Without guesses at words that no dictionary has (HMM), which
        # take longer than all else.
        yield from _tokenizer().cut_for_search(run, HMM=False)
    else:
        yield singular(run)


@cache
def _tokenizer() -> Any:
    """Load the dictionary. Raises InputError where the package is missing.

    Left alone, the package takes a ready-made one out of the folder for temporary files, where anybody may have put
    it, and prints how long that took.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # of how it looks for its own files
            import jieba
    except ImportError:
        raise missing("jieba") from None
    tokenizer = jieba.Tokenizer()
    with files("jieba").joinpath("dict.txt").open("rb") as lines:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(lines)
    tokenizer.initialized = True
    return tokenizer


def missing(package: str) -> InputError:
    """Say how to install what a search needs."""
    return InputError(
        f"the exam's search needs {package}; install it with: pip install 'hornbook[train]'",
        f"考试的检索需要 {package}；安装命令：pip install 'hornbook[train]'",
    )
