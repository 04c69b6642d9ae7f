"""What a dataset needs and no log holds: one augmenter a file, found by its file name.

An augmenter writes new records: questions about who the assistant is, questions it should decline. Their texts stand in
the written `kit`. Begin with `Augmenter` below, then read `refusal`. Augmenters do not import each other, and take no
more than `Tools` from the stages; a recipe lists them under `stages`, and the build adds their records at that point.

Imports: augmenters.kit, stages.
"""

from typing import ClassVar

import polars as pl

from curate.stages import Tools
from schemas.record import Frozen


class Augmenter(Frozen):
    """Writes new records. The fields are its settings in the recipe.

    `title_zh` says in Chinese what the first line of the docstring says in English.
    """

    title_zh: ClassVar[str]

    def add(self, frame: pl.DataFrame, tools: Tools) -> pl.DataFrame:
        """Write the records to add, with the schema of records; `frame` holds the records so far."""
        raise NotImplementedError
