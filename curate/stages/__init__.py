"""The stages between records and a version: one a file, found by its file name. Stages do not import stages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import polars as pl

from schemas.identity import Identity
from schemas.ledger import EVENTS
from schemas.record import Frozen


@dataclass(frozen=True)
class Outcome:
    """What a stage leaves behind.

    `kept` is a frame with the schema of records. `events` follow EVENTS and tell of every record that the stage
    dropped, sent to review, added or changed; a record without an event was kept as it was.
    """

    kept: pl.DataFrame
    events: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EVENTS))
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """What the version keeps beside its rows, by name: what was measured, so that a limit can be tried again."""


@dataclass(frozen=True)
class Tools:
    """What every stage may use: the seed, who the assistant is, and the folder that the recipe's paths start from."""

    seed: int
    identity: Identity
    folder: Path
    parent: Path | None = None
    """The newest version of the book, where there is one: what was measured there need not be measured again."""


class Stage(Frozen):
    """Takes a frame of records and gives an Outcome. The fields are its settings in the recipe.

    `title_zh` says in Chinese what the first line of the docstring says in English.
    """

    title_zh: ClassVar[str]
    by_record: ClassVar[bool] = False
    """Whether each record is looked at on its own: then the stage is given a block of them at a time."""

    def reads(self) -> tuple[str, ...]:
        """The files that decide what it does, from the recipe's folder: when one changes, its output is stale."""
        return ()

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        raise NotImplementedError
