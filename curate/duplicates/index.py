"""The signature index: what a version keeps of its texts, so that the next build signs new ones alone.

A line is a digest of a text as it was compared and its sketch. It says nothing about the text, but that an equal one
has an equal line; and it is the same whether the sketch was made anew or taken over.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from curate.cores import HERE, Cores
from curate.duplicates.shingles import Sizes
from curate.duplicates.signatures import PERMUTATIONS, Sketch, sketches
from schemas.digest import digest_each

NAME = "signatures"
CHUNK = 1 << 15
Rows = TypeVar("Rows", pl.Series, Sketch)
INDEX = pl.Schema({"made": pl.String, "digest": pl.String, "sketch": pl.Binary})
"""`made` names how sketches are made: a line of another making is not used."""


class Index:
    """Gives sketches, from the index of a parent version where that has them, and keeps them for the next."""

    def __init__(self, sizes: Sizes, parent: Path | None = None, cores: Cores = HERE) -> None:
        self.made = f"affine32/{PERMUTATIONS}/{sizes.han}/{sizes.latin}/1"
        self.sizes, self.cores = sizes, cores
        self.known = _read(parent / f"{NAME}.parquet", self.made) if parent else pl.DataFrame(schema=INDEX)
        self.table = pl.DataFrame(schema=INDEX)
        self.signed = 0
        """Texts that had to be signed anew."""

    def sketches(self, texts: pl.Series) -> Sketch:
        """The sketches of distinct texts."""
        wanted = pl.DataFrame({"digest": _by_chunks(texts, _digests)})
        held = wanted.join(self.known, on="digest", how="left", maintain_order="left")["sketch"]
        new = held.is_null().to_numpy()
        out = np.empty((len(texts), PERMUTATIONS), np.uint8)
        out[~new] = np.frombuffer(b"".join(held.drop_nulls()), np.uint8).reshape(-1, PERMUTATIONS)
        out[new] = sketches(texts.filter(new), self.sizes, self.cores)
        self.signed += int(new.sum())
        lines = wanted.select(pl.lit(self.made).alias("made"), "digest", sketch=_by_chunks(out, _binary))
        self.table = pl.concat([self.table, lines]).unique("digest").sort("digest")
        return out


def _by_chunks(rows: Rows, column: Callable[[Rows], pl.Series]) -> pl.Series:
    """The column of all rows, made of some at a time: what Python makes of a million takes a gigabyte."""
    starts = range(0, max(len(rows), 1), CHUNK)
    return pl.concat([column(rows[start : start + CHUNK]) for start in starts], rechunk=True)


def _digests(texts: pl.Series) -> pl.Series:
    return pl.Series(digest_each("sketch", texts.cast(pl.Binary).to_list()), dtype=pl.String)


def _binary(sketch: Sketch) -> pl.Series:
    return pl.Series([row.tobytes() for row in sketch], dtype=pl.Binary)


def _read(path: Path, made: str) -> pl.DataFrame:
    if not path.is_file():
        return pl.DataFrame(schema=INDEX)
    return pl.read_parquet(path).filter(pl.col("made") == made)
