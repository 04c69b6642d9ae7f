"""Formats that a version can be exported in: one a file, found by its file name. None imports another.

Here is the base class: a format writes rows to a file and reads them back, and whatever it cannot hold is found when
the two are compared. The rows are records, or what else its `columns` say: those of `dpo.py` are pairs of answers. JSON
lines are those of the `store`, and `schemas.formats` knows how one row looks. Modules that begin with `_` help the
formats beside them.

Start with `parquet.py`, the shortest; `csv.py` shows how a record becomes several rows and one again.

Imports: store.
"""

from pathlib import Path
from typing import Any, ClassVar, Self

import polars as pl

from schemas.bilingual import Bilingual
from schemas.frame import SCHEMA
from schemas.record import Frozen

LLAMA_FACTORY_MESSAGES: dict[str, Any] = {
    "formatting": "sharegpt",
    "columns": {"messages": "messages"},
    "tags": {
        "role_tag": "role",
        "content_tag": "content",
        "user_tag": "user",
        "assistant_tag": "assistant",
        "system_tag": "system",
    },
}
"""The entry of dataset_info.json by which LLaMA-Factory knows that a file holds OpenAI messages."""


class ExportFormat(Frozen):
    """Writes rows to a file that trainers or people read, and reads them back."""

    title_zh: ClassVar[str]
    for_whom: ClassVar[Bilingual]
    """Who reads it, in a few words."""
    stands_alone: ClassVar[bool] = False
    """Whether its file holds what the papers beside it say, and may be handed on without them."""
    columns: ClassVar[pl.Schema] = SCHEMA
    """Those of its rows: of records, where it does not say otherwise."""
    unit: ClassVar[Bilingual] = Bilingual("conversations", "段对话")
    """What a row is, in a sentence behind a number."""
    suffix: ClassVar[str]
    media_type: ClassVar[str]
    features: ClassVar[tuple[dict[str, Any], ...]]
    """The columns as a dataset page declares them, so that no reader guesses a type from the first rows."""
    options: ClassVar[dict[str, Any]] = {}
    """More settings of a dataset loader."""
    llama_factory: ClassVar[dict[str, Any] | None]
    """The entry by which LLaMA-Factory reads a file; None where it cannot."""

    def about_version(self, lines: tuple[tuple[str, str], ...]) -> Self:
        """Give the format as it writes the version of which these pairs of heading and text are said."""
        return self

    def write(self, rows: pl.DataFrame, path: Path) -> None:
        """Write rows with these columns into one file. What the format cannot hold is found when it is read back."""
        raise NotImplementedError

    def read(self, path: Path) -> pl.DataFrame:
        """Read the rows of a file, with these columns, by id."""
        raise NotImplementedError


def text(name: str) -> dict[str, str]:
    """Declare a column of text, as a dataset page does."""
    return {"name": name, "dtype": "string"}
