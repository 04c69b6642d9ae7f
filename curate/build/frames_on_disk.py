"""Frames that wait on the disk: a build has done with them, and needs them again at its end."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

SLICE = 1 << 16
"""Rows that are copied at once into the layout of the disk."""
SORTED_AT_ONCE = 400_000
"""Rows that are sorted in memory at once."""
BUCKET = 100_000
"""Rows of one sorted piece, about; ids are digests, so that equal ranges of them hold equally many."""


def save(path: Path, frame: pl.DataFrame) -> None:
    """Write plain Arrow. The old layout of strings holds what the frame shows and nothing else."""
    frame.write_ipc(path, compat_level=pl.CompatLevel.oldest())


def save_by_slices(path: Path, frame: pl.DataFrame) -> None:
    """Write the same rows, copying no more than a slice at once. A table that is made of them has other bytes."""
    save(path, pl.concat(frame.iter_slices(SLICE), rechunk=False) if frame.height > SLICE else frame)


def load(path: Path) -> pl.DataFrame:
    """Read what `save` wrote."""
    return pl.read_ipc(path)


class Frames:
    """A long frame in pieces on the disk, in the order in which they came. Nothing of it stays in memory.

    Without a schema the pieces may have different columns.
    """

    bucket = BUCKET
    sorted_at_once = SORTED_AT_ONCE

    def __init__(self, folder: Path, stem: str, schema: pl.Schema, paths: Iterable[Path] = ()) -> None:
        self._folder = folder
        self._stem = stem
        self.schema = schema
        self.paths = list(paths)
        self._written = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Put a piece at the end."""
        self._written += 1
        path = self._folder / f"{self._stem}-{self._written:05d}.arrow"
        save(path, frame)
        self.paths.append(path)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return map(load, self.paths)

    def columns(self, *names: str) -> Iterator[pl.DataFrame]:
        """Load some columns of each piece."""
        return (pl.scan_ipc(path).select(names).collect() for path in self.paths)

    @property
    def height(self) -> int:
        return self.lazy().select(pl.len()).collect().item()

    def lazy(self) -> pl.LazyFrame:
        """Scan all of it, to be read piece by piece."""
        if not self.paths:
            return pl.LazyFrame(schema=self.schema)
        if self.schema:
            return pl.scan_ipc(self.paths)
        return pl.concat([pl.scan_ipc(path) for path in self.paths], how="diagonal")

    def whole(self) -> pl.DataFrame:
        """Load all of it into memory."""
        return pl.concat([pl.DataFrame(schema=self.schema), *self])

    def by_id(self) -> Iterator[pl.DataFrame]:
        """Give the rows in the order of their ids, in pieces of about `bucket` rows.

        A bucket sort on the disk: ids are digests, equally spread, so that equal ranges of their first 32 bits hold
        about equally many rows. What is sorted at once is cut at the bounds; each bucket is then sorted on its own.
        """
        count = -(-self.height // self.bucket)
        if count <= 1:
            yield self.whole().sort("id")
            return

        bounds = [f"{number * 16**8 // count:08x}" for number in range(1, count)]
        buckets = [Frames(self._folder, f"{self._stem}-sorted-{number:04d}", self.schema) for number in range(count)]
        for several in self._several():
            ordered = several.sort("id")
            ends = [0, *ordered["id"].search_sorted(pl.Series(bounds)).to_list(), ordered.height]
            for bucket, start, end in zip(buckets, ends[:-1], ends[1:], strict=True):
                bucket.add(ordered.slice(start, end - start))

        for bucket in buckets:
            yield bucket.whole().sort("id")
            bucket.clear()

    def _several(self) -> Iterator[pl.DataFrame]:
        """Load the pieces, several at a time."""
        waiting: list[pl.DataFrame] = []
        for piece in self:
            waiting.append(piece)
            if sum(frame.height for frame in waiting) >= self.sorted_at_once:
                yield pl.concat(waiting)
                waiting = []
        if waiting:
            yield pl.concat(waiting)

    def clear(self) -> None:
        """Take the pieces off the disk."""
        for path in self.paths:
            path.unlink()
        self.paths = []
