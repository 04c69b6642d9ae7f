"""An index in memory: words as small numbers, so that a million lines are filtered in milliseconds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.web.rows.row_index import INDEX, WORDS

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


FILLED = tuple(name for name in WORDS if name != "shard")
"""Those that are never empty."""


class ShardLines(NamedTuple):
    """The lines of one file of a version in their order: their numbers in the index, and where they and their texts
    stand in the file, in bytes.
    """

    path: Path
    numbers: Numbers
    starts: Numbers
    texts_at: Numbers
    texts_end: Numbers

    def only(self, flags: Flags) -> "ShardLines":
        """Leave out lines."""
        return ShardLines(self.path, *(column[flags] for column in self[1:]))


class IndexLine(NamedTuple):
    """A line of the index, with the fields of INDEX; what it lacks is None, or empty."""

    number: int
    key: str
    ends: str
    reason: str | None
    notes: str
    id: str | None
    kind: str
    lang: str
    file: str
    row: int | None
    shard: str | None
    offset: int | None
    length: int | None


@dataclass(frozen=True, eq=False)
class RowIndex:
    """The index of the version in `folder`. Lines are named by their numbers, from 0, in the order of their keys."""

    folder: Path
    frame: pl.DataFrame

    def __len__(self) -> int:
        return self.frame.height

    def words(self, column: str) -> list[str]:
        """List what a column may say, in alphabetical order."""
        dtype = self.frame.schema[column]
        return dtype.categories.to_list() if isinstance(dtype, pl.Enum) else []

    @cached_property
    def _codes(self) -> dict[str, npt.NDArray[Any]]:
        return {name: self.frame[name].to_physical().to_numpy() for name in FILLED}

    def count(self, column: str, numbers: Numbers | None = None) -> dict[str, int]:
        """Count what lines say in a column: of all of them, or of those with these numbers."""
        codes = self._codes[column] if numbers is None else self._codes[column][numbers]
        words = self.words(column)
        return {words[code]: int(count) for code, count in enumerate(np.bincount(codes)) if count}

    def says(self, column: str, is_meant: Callable[[str], bool]) -> Flags:
        """Tell which lines say in a column a word that is meant."""
        return np.array([is_meant(word) for word in self.words(column)], np.bool_)[self._codes[column]]

    def number_of(self, key: str) -> int | None:
        """Find the line of a key."""
        number = self.number_from(key)
        return number if number < len(self) and self.frame["key"][number] == key else None

    def number_from(self, key: str) -> int:
        """Find the first line whose key is this one or behind it."""
        return int(self.frame["key"].search_sorted(key, side="left"))

    @staticmethod
    def numbered(*numbers: int) -> Numbers:
        """Write numbers of lines as `lines` takes them."""
        return np.array(numbers, np.int64)

    def lines(self, numbers: Numbers) -> list[IndexLine]:
        """Read lines."""
        fields = [name for name in IndexLine._fields if name != "number"]
        rows = self.frame.select(fields)[numbers].iter_rows()
        return [IndexLine(int(number), *row) for number, row in zip(numbers, rows, strict=True)]

    @cached_property
    def shards(self) -> list[ShardLines]:
        """List the files of the version that hold records, those that are trained on last, in the order of their ids.

        A search that ends early has then looked at all files up to one id.
        """
        placed = self.frame.with_row_index("number").filter(pl.col("shard").is_not_null())
        parts = placed.select("number", "shard", "offset", "texts_at", "texts_end").sort("shard", "offset")
        found = []
        for (name,), part in parts.group_by("shard", maintain_order=True):
            columns = [part[c].to_numpy().astype(np.int64) for c in ("number", "offset", "texts_at", "texts_end")]
            number, offset, texts_at, texts_end = columns
            found.append(ShardLines(self.folder / str(name), number, offset, offset + texts_at, offset + texts_end))
        return found


def as_words(index: pl.DataFrame) -> pl.DataFrame:
    """Write the columns of WORDS as numbers of words; `reason` stays as it is."""
    enums = [pl.col(name).cast(pl.Enum(index[name].drop_nulls().unique().sort())) for name in WORDS]
    return index.select(INDEX.names()).with_columns(enums)
