"""Records formed once more from their raw rows: the right ones, where they get the same id again."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.reading.input_reader import InputReader
from curate.store.line_search import raw_lines
from schemas.digest import digest
from schemas.errors import HornbookError
from schemas.frame import SCHEMA
from schemas.input import Input
from schemas.manifest import Manifest
from schemas.recipe import Recipe

MAX_BYTES = 16 << 20
"""Bytes up to which a file is read whole to find a few of its rows."""
FOLLOWING = 20
"""Lines after a row that may still belong to it."""
MAX_EQUAL = 1_000
"""Records of equal content among which one is looked for."""
BY_LINE = (".jsonl", ".csv", ".tsv", ".ndjson")
ONE_LINE_A_ROW = (".jsonl", ".ndjson")

Rows = tuple[int, ...]


class _Uncounted(ContentCounter):
    """Takes every content for the first of its kind: so an id digests the content alone."""

    def ordinals(self, contents: Sequence[str]) -> list[int]:
        return [0] * len(contents)


def input_as_read(recipe: Recipe, manifest: Manifest, path: str) -> Input | None:
    """Find an input of the recipe, with the encoding that was found when the version was built."""
    spec = next((spec for spec in recipe.inputs if spec.reads(path)), None)
    if spec is None:
        return None
    encoding = next(file.encoding for file in manifest.inputs if file.path == path)
    if spec.encoding is None and encoding != "binary":
        return spec.model_copy(update={"encoding": encoding})
    return spec


def formed_again(spec: Input, path: Path, wanted: Mapping[str, Rows]) -> pl.DataFrame:
    """Form the records of a file that are wanted, given by id with their rows: those that it still gives, with SCHEMA.

    Raises OSError where the file cannot be read.
    """
    found: dict[str, pl.DataFrame] = {}
    for records in _attempts(spec, path, wanted, found):
        for id, index in _recognized(records, {id: rows for id, rows in wanted.items() if id not in found}):
            found[id] = records[index : index + 1].with_columns(id=pl.lit(id))
        if len(found) == len(wanted):
            break
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(found[id] for id in sorted(found))])


def _attempts(
    spec: Input, path: Path, wanted: Mapping[str, Rows], found: Mapping[str, pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    """Form records from all the wanted lines at once, then from all of the file, where it is small, and then from the
    lines of each record that is not `found` so far: what stood apart may have come together.
    """
    by_line = path.suffix in BY_LINE and path.is_file()
    if by_line:
        yield from _of_lines(spec, path, {row for rows in wanted.values() for row in rows})
    if path.stat().st_size <= MAX_BYTES:
        yield from _records(spec, path)
    if by_line:
        for rows in [rows for id, rows in wanted.items() if id not in found]:
            yield from _of_lines(spec, path, set(rows))


def _of_lines(spec: Input, path: Path, rows: set[int]) -> Iterator[pl.DataFrame]:
    """Form records from these rows alone; their row numbers are those of the file."""
    following = 0 if path.suffix in ONE_LINE_A_ROW else FOLLOWING
    numbers = sorted({1} | {row + extra for row in rows for extra in range(following + 1)})
    with tempfile.TemporaryDirectory() as scratch:
        excerpt = Path(scratch) / path.name
        excerpt.write_bytes(raw_lines(path, rows, following))
        for records in _records(spec, excerpt):
            source = pl.col("source").struct
            true_rows = source.field("rows").list.eval(
                (pl.element() - 1).replace_strict(dict(enumerate(numbers)), default=None, return_dtype=pl.Int64)
            )
            yield records.with_columns(source.with_fields(rows=true_rows))


def _records(spec: Input, path: Path) -> Iterator[pl.DataFrame]:
    with suppress(HornbookError):
        for chunk in InputReader(spec, path).chunks():
            yield form_sessions(chunk.turns, spec, "", _Uncounted()).records


def _recognized(records: pl.DataFrame, wanted: Mapping[str, Rows]) -> Iterator[tuple[str, int]]:
    """Find wanted records by their ids, each with its index: an id digests the content, and of the n-th record of
    equal content the number too; such a one is recognized by its rows.
    """
    contents = records["id"].to_list()
    indices = {content: index for index, content in enumerate(contents)}
    yield from ((id, indices[id]) for id in wanted if id in indices)

    repeated = {rows: id for id, rows in wanted.items() if id not in indices}
    for index, rows in enumerate(records["source"].struct.field("rows").to_list()) if repeated else ():
        id = repeated.get(tuple(rows))
        if id and any(digest("record", contents[index], n) == id for n in range(1, MAX_EQUAL)):
            yield id, index
