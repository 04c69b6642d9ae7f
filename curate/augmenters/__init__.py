"""What a dataset needs and no log holds: one augmenter a file, found by its file name.

An augmenter writes new records: questions about who the assistant is, questions it should decline. Their texts stand in
the written `kit`. Begin with `Augmenter` below, then read `refusal`. `_drawing.py` takes as many rows as are wanted,
and none near a question that the exam may ask: `_paper_guard.py` finds those. `not_in_book` looks at the records so
far, and asks nothing that they answer; `reword` reads what a model made of them, and asks the gate. Augmenters do not
import each other, and take no more than `Tools` from the stages; a recipe lists them under `stages`, and the build adds
their records at that point.

Imports: augmenters.kit, conversations, duplicates, gate, passages, stages.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import polars as pl

from curate.stages import Tools
from schemas.ledger import EVENTS
from schemas.record import Frozen


@dataclass(frozen=True)
class Written:
    """What an augmenter leaves: `rows` to add, with the schema of records, and the `events` of those it held back.

    `events` follow EVENTS. A row that was written and must not come in has two: `added`, and `dropped` with the reason.
    """

    rows: pl.DataFrame
    events: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EVENTS))


class Augmenter(Frozen):
    """Writes new records. The fields are its settings in the recipe.

    `title_zh` says in Chinese what the first line of the docstring says in English.
    """

    title_zh: ClassVar[str]
    written_by: ClassVar[str] = ""
    """The command that writes the files that it reads."""

    def reads(self) -> tuple[str, ...]:
        """Name the files that decide what it adds, from the recipe's folder: when one changes, its output is stale."""
        return ()

    def add(self, frame: pl.DataFrame, tools: Tools) -> Written:
        """Write the records to add; `frame` holds the records so far. None may be near a question of the papers."""
        raise NotImplementedError
