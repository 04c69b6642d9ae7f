"""What a book needs and no log holds: one augmenter a file. Augmenters do not import each other."""

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
        """The records to add, with the schema of records; `frame` holds all that the book has so far."""
        raise NotImplementedError
