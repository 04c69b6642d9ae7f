"""The stages between records and a version: one a file, found by its file name. Stages do not import stages.

A stage takes a frame of records and gives an `Outcome`: what it kept, an event for everything it did, and the tables
that the version keeps. Begin with `Stage` below, then read a small one (`decline`, `mix`). The rooms below do the work;
of the augmenters a stage knows the written kit alone. The order of stages is the recipe's, and the build runs them.

Imports: augmenters.kit, cleaning, conversations, decisions, duplicates, privacy, reading, rules, system.
"""

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

    `kept` is a frame with the schema of records. `events` follow EVENTS and name every record that the stage
    dropped, sent to review, added or changed; a record without an event was kept as it was.
    """

    kept: pl.DataFrame
    events: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EVENTS))
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """What the version keeps beside its rows, by name: what was measured, so that a limit can be tried again."""


@dataclass(frozen=True)
class Tools:
    """What every stage may use: the seed, who the assistant is, and the folder from which the recipe's paths start."""

    seed: int
    identity: Identity
    folder: Path
    parent: Path | None = None
    """The newest version of the dataset, where there is one: what was measured there need not be measured again."""


class Stage(Frozen):
    """Takes a frame of records and gives an Outcome. The fields are its settings in the recipe.

    `title_zh` says in Chinese what the first line of the docstring says in English.
    """

    title_zh: ClassVar[str]
    by_record: ClassVar[bool] = False
    """Whether the stage looks at each record on its own: then it gets one block of records at a time."""
    written_by: ClassVar[str] = ""
    """The command that writes the files that it reads."""

    def reads(self) -> tuple[str, ...]:
        """Name the files that decide what it does, from the recipe's folder: when one changes, its output is stale."""
        return ()

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        """Do the work of the stage on a frame with the schema of records."""
        raise NotImplementedError
