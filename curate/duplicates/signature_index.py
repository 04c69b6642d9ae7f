"""The signature index: what a version keeps of its texts, so that the next build signs new ones alone.

A line is a digest of a text as it was compared and its sketch. It says nothing about the text, except that an equal one
has an equal line; and it is the same whether the sketch was computed anew or taken over.
"""

from pathlib import Path

import numpy as np
import polars as pl

from curate.duplicates.similarity.arrays import Sketch
from curate.duplicates.similarity.batches import in_batches
from curate.duplicates.similarity.minhash import PERMUTATIONS, sketches
from curate.duplicates.similarity.shingles import ShingleSizes
from curate.system.parallel import SERIAL, Cores
from schemas.digest import digest_each
from schemas.version_files import VersionFiles

SIGNATURES = "signatures"
CHUNK = 1 << 15
"""Rows that pass through Python at once: what it builds of a million takes a gigabyte."""
INDEX = pl.Schema({"made": pl.String, "digest": pl.String, "sketch": pl.Binary})
"""`made` names how sketches are computed: a line of another method is not used."""


class SignatureIndex:
    """Sketches texts, or looks their sketches up in the index of a parent version, and keeps them for the next."""

    def __init__(self, sizes: ShingleSizes, parent: Path | None = None, cores: Cores = SERIAL) -> None:
        self.method = f"affine32/{PERMUTATIONS}/{sizes.han}/{sizes.latin}/1"
        self.sizes, self.cores = sizes, cores
        if parent:
            self.inherited = _read_index(VersionFiles(parent).table(SIGNATURES), self.method)
        else:
            self.inherited = pl.DataFrame(schema=INDEX)
        self.signed = 0
        """Texts that had to be signed anew."""
        self._batches: list[tuple[pl.Series, Sketch]] = []

    def sketches(self, texts: pl.Series) -> Sketch:
        """Sketch distinct texts."""
        wanted = pl.DataFrame({"digest": in_batches(texts, _digests, CHUNK)})
        inherited = wanted.join(self.inherited, on="digest", how="left", maintain_order="left")["sketch"]
        new = inherited.is_null().to_numpy()
        out = sketches(texts.filter(new), self.sizes, self.cores)

        if not new.all():
            signed, out = out, np.empty((len(texts), PERMUTATIONS), np.uint8)
            out[new] = signed
            out[~new] = np.frombuffer(b"".join(inherited.drop_nulls()), np.uint8).reshape(-1, PERMUTATIONS)
        self.signed += int(new.sum())
        self._batches.append((wanted["digest"], out))
        return out

    @property
    def table(self) -> pl.DataFrame:
        """What the version keeps: a line for each text that was sketched, in the order of the digests."""
        digests = pl.concat([pl.Series("digest", dtype=pl.String), *(digests for digests, _ in self._batches)])
        sketch = np.concatenate([np.empty((0, PERMUTATIONS), np.uint8), *(sketch for _, sketch in self._batches)])
        lines = pl.DataFrame(digests).with_row_index("row").unique("digest", keep="first").sort("digest")
        ordered = in_batches(lines["row"], lambda batch: _as_binary(sketch[batch]), CHUNK)
        return lines.select(pl.lit(self.method).alias("made"), "digest", sketch=ordered)


def _digests(texts: pl.Series) -> pl.Series:
    return pl.Series(digest_each("sketch", texts.cast(pl.Binary).to_list()), dtype=pl.String)


def _as_binary(sketch: Sketch) -> pl.Series:
    rows = pl.Series(sketch, dtype=pl.Array(pl.UInt8, PERMUTATIONS))
    return rows.cast(pl.List(pl.UInt8)).cast(pl.Binary)


def _read_index(path: Path, method: str) -> pl.DataFrame:
    """Read each text once: two stages of a build may have signed the same one."""
    if not path.is_file():
        return pl.DataFrame(schema=INDEX)
    return pl.read_parquet(path).filter(pl.col("made") == method).unique("digest", keep="first")
