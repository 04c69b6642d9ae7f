"""The signature index: what a version keeps of its texts, so that the next build signs new ones alone.

A line is a digest of a text as it was compared and its sketch. It says nothing about the text, but that an equal one
has an equal line; and it is the same whether the sketch was made anew or taken over.
"""

from pathlib import Path

import numpy as np
import polars as pl

from curate.duplicates.similarity.batches import by_pieces
from curate.duplicates.similarity.minhash import PERMUTATIONS, Sketch, sketches
from curate.duplicates.similarity.shingles import Sizes
from curate.system.parallel import HERE, Cores
from schemas.digest import digest_each
from schemas.version_files import VersionFiles

NAME = "signatures"
CHUNK = 1 << 15
"""Rows that pass through Python at once: what it makes of a million takes a gigabyte."""
INDEX = pl.Schema({"made": pl.String, "digest": pl.String, "sketch": pl.Binary})
"""`made` names how sketches are made: a line of another making is not used."""


class Index:
    """Gives sketches, from the index of a parent version where that has them, and keeps them for the next."""

    def __init__(self, sizes: Sizes, parent: Path | None = None, cores: Cores = HERE) -> None:
        self.made = f"affine32/{PERMUTATIONS}/{sizes.han}/{sizes.latin}/1"
        self.sizes, self.cores = sizes, cores
        self.known = _read(VersionFiles(parent).table(NAME), self.made) if parent else pl.DataFrame(schema=INDEX)
        self.signed = 0
        """Texts that had to be signed anew."""
        self._given: list[tuple[pl.Series, Sketch]] = []

    def sketches(self, texts: pl.Series) -> Sketch:
        """The sketches of distinct texts."""
        wanted = pl.DataFrame({"digest": by_pieces(texts, _digests, CHUNK)})
        held = wanted.join(self.known, on="digest", how="left", maintain_order="left")["sketch"]
        new = held.is_null().to_numpy()
        out = sketches(texts.filter(new), self.sizes, self.cores)
        if not new.all():
            signed, out = out, np.empty((len(texts), PERMUTATIONS), np.uint8)
            out[new] = signed
            out[~new] = np.frombuffer(b"".join(held.drop_nulls()), np.uint8).reshape(-1, PERMUTATIONS)
        self.signed += int(new.sum())
        self._given.append((wanted["digest"], out))
        return out

    @property
    def table(self) -> pl.DataFrame:
        """What the version keeps: a line for each text whose sketch was asked for, in the order of the digests."""
        digests = pl.concat([pl.Series("digest", dtype=pl.String), *(digests for digests, _ in self._given)])
        sketch = np.concatenate([np.empty((0, PERMUTATIONS), np.uint8), *(sketch for _, sketch in self._given)])
        lines = pl.DataFrame(digests).with_row_index("line").unique("digest", keep="first").sort("digest")
        rows = by_pieces(lines["line"], lambda some: _binary(sketch[some]), CHUNK)
        return lines.select(pl.lit(self.made).alias("made"), "digest", sketch=rows)


def _digests(texts: pl.Series) -> pl.Series:
    return pl.Series(digest_each("sketch", texts.cast(pl.Binary).to_list()), dtype=pl.String)


def _binary(sketch: Sketch) -> pl.Series:
    rows = pl.Series(sketch, dtype=pl.Array(pl.UInt8, PERMUTATIONS))
    return rows.cast(pl.List(pl.UInt8)).cast(pl.Binary)


def _read(path: Path, made: str) -> pl.DataFrame:
    """Each text once: two stages of a build may have signed the same one."""
    if not path.is_file():
        return pl.DataFrame(schema=INDEX)
    return pl.read_parquet(path).filter(pl.col("made") == made).unique("digest", keep="first")
