"""Layouts that a version can be exported in: one a file, found by its file name. Layouts do not import layouts."""

from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from schemas.record import Frozen


class Layout(Frozen):
    """Writes records to a file that trainers or people read, and reads them back."""

    title_zh: ClassVar[str]
    suffix: ClassVar[str]
    media_type: ClassVar[str]
    features: ClassVar[tuple[dict[str, Any], ...]]
    """The columns as a dataset page declares them, so that no reader guesses a type from the first rows."""
    options: ClassVar[dict[str, Any]] = {}
    """What a dataset loader must be told beside."""
    factory: ClassVar[dict[str, Any] | None]
    """How LLaMA-Factory is told to read a file; None where it cannot."""

    def write(self, records: pl.DataFrame, path: Path) -> None:
        """One file for records with SCHEMA. What the layout cannot hold is found when it is read back."""
        raise NotImplementedError

    def read(self, path: Path) -> pl.DataFrame:
        """The records of a file, with SCHEMA, by id."""
        raise NotImplementedError


def text(name: str) -> dict[str, str]:
    """A column of text, as a dataset page declares it."""
    return {"name": name, "dtype": "string"}
