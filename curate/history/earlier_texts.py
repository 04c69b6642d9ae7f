"""The texts of records as a stage found them, dropped or repaired since: made again from the raw rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import polars as pl

from curate.build.pipeline import NumberedStep, run_steps
from curate.build.plan import sees_records_alone, tools_of
from curate.history.replay import form_records, input_as_read
from curate.recipe.load import RecipeFile, build_steps
from curate.store.read_version import read_manifest, read_recipe
from schemas.digest import digest
from schemas.errors import HornbookError
from schemas.frame import SCHEMA
from schemas.version_files import VersionFiles

SAME_CONTENT = 20
"""Records of equal content among which one is looked for."""


def rows_of(version: Path, ids: Iterable[str]) -> dict[str, tuple[str, list[int]]]:
    """Find the raw file and the rows of each record, in the ledger; a record that was written has none."""
    columns = pl.scan_parquet(VersionFiles(version).ledger).select("id", "file", "row")
    found = columns.filter(pl.col("id").is_in(list(ids)), pl.col("row").is_not_null()).collect()
    by_id = found.unique().sort("id", "file", "row").group_by("id", "file", maintain_order=True).agg("row")
    return {id: (file, rows) for id, file, rows in by_id.iter_rows()}


def texts_before(
    version: Path, folder: Path, rows: Mapping[str, tuple[str, Sequence[int]]], stage: str
) -> pl.DataFrame:
    """Make these records again as they came into a stage: a frame with the schema of records.

    `rows` are as `rows_of` gives them, and `folder` is where the paths of the recipe start. Only stages that see a
    record alone run. A record whose raw rows are not there any more is left out.
    """
    recipe, manifest = read_recipe(version), read_manifest(version)
    file = RecipeFile(recipe, build_steps(recipe), folder)
    alone = takewhile(lambda step: sees_records_alone(step) and step.name != stage, file.steps)
    steps = [NumberedStep(*pair) for pair in enumerate(alone)]

    by_file: dict[str, list[str]] = {}
    for id, (path, _) in rows.items():
        by_file.setdefault(path, []).append(id)
    made = [pl.DataFrame(schema=SCHEMA)]
    for path, ids in by_file.items():
        spec = input_as_read(recipe, manifest, path)
        if spec is None:
            continue
        with suppress(OSError, HornbookError):
            together = sorted({number for id in ids for number in rows[id][1]})
            records = _named(form_records(spec, folder / path, together), ids)
            made.append(run_steps(records, steps, tools_of(file)).kept)
    records = pl.concat(made).unique("id", keep="first", maintain_order=True)
    numbers = pl.Series([list(rows[id][1]) for id in records["id"]], dtype=pl.List(pl.Int64))
    return records.with_columns(pl.col("source").struct.with_fields(rows=numbers))  # they were read from an excerpt


def _named(chunks: Iterator[pl.DataFrame], ids: Sequence[str]) -> pl.DataFrame:
    """Take the records with these ids. The n-th of equal content has an id of its own, of which only the content is
    known here.
    """
    wanted = set(ids)
    taken = [pl.DataFrame(schema=SCHEMA)]
    for records in chunks:
        found = {id: id for id in records["id"] if id in wanted}
        for id in records["id"] if len(found) < len(wanted) else ():
            other = next((name for n in range(1, SAME_CONTENT) if (name := digest("record", id, n)) in wanted), None)
            if other:
                found.setdefault(id, other)
        named = records.filter(pl.col("id").is_in(list(found))).with_columns(pl.col("id").replace(found))
        taken.append(named)
        wanted -= set(named["id"])
        if not wanted:
            break
    return pl.concat(taken)
