"""Frames that wait on the disk: a build has done with them, and needs them again at its end."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

SLICE = 1 << 16
"""Rows that are copied at once into the layout of the disk."""
TOGETHER = 400_000
"""Rows that are sorted at once."""
BUCKET = 100_000
"""Rows of one sorted piece, about; ids are digests, so that equal ranges of them hold equally many."""


def save(path: Path, frame: pl.DataFrame) -> None:
    """Writes plain Arrow. The old layout of strings holds what the frame shows and nothing else."""
    frame.write_ipc(path, compat_level=pl.CompatLevel.oldest())


def save_by_slices(path: Path, frame: pl.DataFrame) -> None:
    """The same rows, of which no more than a slice is copied at once. A table that is made of them has other bytes."""
    save(path, pl.concat(frame.iter_slices(SLICE), rechunk=False) if frame.height > SLICE else frame)


def load(path: Path) -> pl.DataFrame:
    return pl.read_ipc(path)


class Frames:
    """A long frame in pieces on the disk, in the order in which they came. Nothing of it stays in memory.

    Without a schema the pieces may have different columns.
    """

    bucket = BUCKET
    together = TOGETHER

    def __init__(self, folder: Path, stem: str, schema: pl.Schema, paths: Iterable[Path] = ()) -> None:
        self._folder = folder
        self._stem = stem
        self.schema = schema
        self.paths = list(paths)
        self._made = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Puts a piece at the end."""
        self._made += 1
        path = self._folder / f"{self._stem}-{self._made:05d}.arrow"
        save(path, frame)
        self.paths.append(path)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return map(load, self.paths)

    def columns(self, *names: str) -> Iterator[pl.DataFrame]:
        """Some columns of each piece."""
        return (pl.scan_ipc(path).select(names).collect() for path in self.paths)

    @property
    def height(self) -> int:
        return self.lazy().select(pl.len()).collect().item()

    def lazy(self) -> pl.LazyFrame:
        if not self.paths:
            return pl.LazyFrame(schema=self.schema)
        if self.schema:
            return pl.scan_ipc(self.paths)
        return pl.concat([pl.scan_ipc(path) for path in self.paths], how="diagonal")

    def whole(self) -> pl.DataFrame:
        """All of it in memory."""
        return pl.concat([pl.DataFrame(schema=self.schema), *self])

    def by_id(self) -> Iterator[pl.DataFrame]:
        """The rows in the order of their ids, in pieces of about `bucket` rows."""
        buckets = -(-self.height // self.bucket)
        if buckets <= 1:
            yield self.whole().sort("id")
            return
        bounds = [f"{number * 16**8 // buckets:08x}" for number in range(1, buckets)]
        sorted_ = [Frames(self._folder, f"{self._stem}-sorted-{number:04d}", self.schema) for number in range(buckets)]
        for several in self._together():
            ordered = several.sort("id")
            ends = [0, *ordered["id"].search_sorted(pl.Series(bounds)).to_list(), ordered.height]
            for bucket, start, end in zip(sorted_, ends[:-1], ends[1:], strict=True):
                bucket.add(ordered.slice(start, end - start))
        for bucket in sorted_:
            yield bucket.whole().sort("id")
            bucket.clear()

    def _together(self) -> Iterator[pl.DataFrame]:
        """The pieces, several at a time."""
        waiting: list[pl.DataFrame] = []
        for piece in self:
            waiting.append(piece)
            if sum(p.height for p in waiting) >= self.together:
                yield pl.concat(waiting)
                waiting = []
        if waiting:
            yield pl.concat(waiting)

    def clear(self) -> None:
        """Takes the pieces off the disk."""
        for path in self.paths:
            path.unlink()
        self.paths = []
