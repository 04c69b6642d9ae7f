"""The texts of records as a stage found them, dropped or repaired since: made again from the raw rows."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import polars as pl

from curate.build.pipeline import NumberedStep, run_steps
from curate.build.plan import sees_records_alone, tools_of
from curate.history.formed_again import formed_again, input_as_read
from curate.recipe.load import RecipeFile, build_steps
from curate.store.read_version import read_manifest, read_recipe
from schemas.errors import HornbookError
from schemas.frame import SCHEMA
from schemas.version_files import VersionFiles


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
            records = formed_again(spec, folder / path, {id: tuple(rows[id][1]) for id in ids})
            made.append(run_steps(records, steps, tools_of(file)).kept)
    records = pl.concat(made).unique("id", keep="first", maintain_order=True)
    numbers = pl.Series([list(rows[id][1]) for id in records["id"]], dtype=pl.List(pl.Int64))
    return records.with_columns(pl.col("source").struct.with_fields(rows=numbers))  # they were read from an excerpt
