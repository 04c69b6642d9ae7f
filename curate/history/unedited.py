"""What records would say had nobody edited them: made again from their raw rows, so that nobody need keep it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import Any

import polars as pl

from curate.build.pipeline import NumberedStep, run_steps
from curate.build.plan import sees_records_alone, tools_of
from curate.history.formed_again import formed_again, input_as_read
from curate.recipe.load import RecipeFile, Step, build_steps
from curate.stages import Tools
from curate.stages.mask import Mask
from curate.stages.review import Review
from curate.store.read_version import read_manifest, read_recipe
from schemas.errors import HornbookError
from schemas.frame import SCHEMA

Messages = list[dict[str, Any]]


def unedited(version: Path, folder: Path, rows: Mapping[str, tuple[str, Sequence[int]]]) -> dict[str, Messages]:
    """Give the messages of records, by id, as the version would have them without its stage `review`.

    `rows` are as `rows_of` gives them, and `folder` is where the paths of the recipe start.

    What a stage behind it drops, or cannot be run on any more, is given as it was before that stage. A record whose
    rows are there no more is missing, and so are all where a stage up to the review and the masking fails: no text
    leaves that is not masked as the version masks it.
    """
    recipe, manifest = read_recipe(version), read_manifest(version)
    steps = list(takewhile(sees_records_alone, build_steps(recipe)))
    if any(choice.name == "mask" for choice in recipe.stages) and not any(isinstance(s.does, Mask) for s in steps):
        return {}

    formed = [pl.DataFrame(schema=SCHEMA)]
    for path in sorted({path for path, _ in rows.values()}):
        spec = input_as_read(recipe, manifest, path)
        wanted = {id: tuple(numbers) for id, (own, numbers) in rows.items() if own == path}
        with suppress(OSError):
            formed.append(formed_again(spec, folder / path, wanted) if spec else formed[0])
    return _rerun(steps, tools_of(RecipeFile(recipe, tuple(steps), folder)), pl.concat(formed))


def _rerun(steps: Sequence[Step], tools: Tools, records: pl.DataFrame) -> dict[str, Messages]:
    """Run the stages but for the review, and give the last messages of each record."""
    numbered = [NumberedStep(*pair) for pair in enumerate(steps) if not isinstance(pair[1].does, Review)]
    last = max((n for n, step in enumerate(steps) if isinstance(step.does, Mask | Review)), default=-1)
    messages: dict[str, Messages] = {}
    with suppress(OSError, HornbookError):
        records = run_steps(records, [step for step in numbered if step.position <= last], tools).kept
        messages = _messages(records)
        for later in (step for step in numbered if step.position > last):
            records = run_steps(records, [later], tools).kept
            messages |= _messages(records)
    return messages


def _messages(records: pl.DataFrame) -> dict[str, Messages]:
    return dict(records.select("id", "messages").iter_rows())
