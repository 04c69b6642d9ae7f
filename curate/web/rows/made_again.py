"""The texts of records that the version does not hold: made again from their raw rows, and masked before anybody sees
them.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import Any

import polars as pl

from curate.build.plan import sees_records_alone
from curate.history.earlier_texts import rows_of, texts_before
from curate.history.formed_again import BY_LINE, formed_again, input_as_read
from curate.recipe.load import build_steps
from curate.stages import Tools
from curate.stages.mask import Mask
from curate.store.line_search import raw_lines
from curate.store.read_version import read_manifest, read_recipe
from schemas.errors import HornbookError
from schemas.frame import SCHEMA
from schemas.identity import Identity

Messages = list[dict[str, Any]]
MOST_ROWS = 40
"""Raw rows of a record that are shown."""


def masked_texts(version: Path, folder: Path, left_at: Mapping[str, str]) -> dict[str, Messages]:
    """Make the messages of records again as the stage found them that they left at, by id; all personal data in them is
    masked. `left_at` names that stage by id, and `folder` is where the paths of the recipe start.

    What cannot be made again is left out: nobody keeps its raw rows, or a stage wrote it.
    """
    texts: dict[str, Messages] = {}
    rows = rows_of(version, left_at)
    tools = Tools(0, read_manifest(version).identity or Identity(), folder)
    for stage in sorted({left_at[id] for id in rows}):
        of_stage = {id: source for id, source in rows.items() if left_at[id] == stage}
        with suppress(OSError, HornbookError):
            records = texts_before(version, folder, of_stage, stage)
            if not _was_masked_before(version, stage):
                records = Mask().run(records, tools).kept
            texts |= dict(records.select("id", "messages").iter_rows())
    return texts


def _was_masked_before(version: Path, stage: str) -> bool:
    """Tell whether a mask with all kinds ran over what came to a stage."""
    steps = takewhile(lambda step: sees_records_alone(step) and step.name != stage, build_steps(read_recipe(version)))
    return any(isinstance(step.does, Mask) and set(step.does.kinds) >= set(Mask().kinds) for step in steps)


def raw_messages(version: Path, folder: Path, id: str) -> Messages | None:
    """Form the messages of a record from its raw rows, with all that masks take out. None where they are gone."""
    with suppress(OSError, HornbookError):
        for id_, (path, rows) in rows_of(version, [id]).items():
            spec = input_as_read(read_recipe(version), read_manifest(version), path)
            formed = formed_again(spec, folder / path, {id_: tuple(rows)}) if spec else pl.DataFrame(schema=SCHEMA)
            if formed.height:
                messages: Messages = formed["messages"].to_list()[0]
                return messages
    return None


def raw_row_texts(version: Path, folder: Path, file: str, rows: Iterable[int]) -> list[tuple[int, str]]:
    """Read raw rows as they stand in a file of lines, with their numbers; nothing of other files."""
    found = next((each for each in read_manifest(version).inputs if each.path == file), None)
    path = folder / file
    if found is None or path.suffix not in BY_LINE or not path.is_file():
        return []
    numbers = sorted(rows)[:MOST_ROWS]
    lines = raw_lines(path, set(numbers)).decode(found.encoding, "replace").split("\n")
    wanted = sorted({1, *numbers})
    return [(number, line.rstrip("\r")) for number, line in zip(wanted, lines, strict=False) if number in numbers]
