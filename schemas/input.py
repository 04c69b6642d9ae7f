"""One raw file as a recipe names it."""

import datetime
import re
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer, model_validator

from schemas.bilingual import Bilingual
from schemas.record import Frozen, Kind
from schemas.tags import DATE, PINNED

WITH_SHEET = re.compile(r"(.+?\.(?:xlsx|xlsm|xls|ods|xml))#(.+)", re.IGNORECASE)
"""A sheet of a workbook as an input: `book.xlsx#7月`."""


def file_and_sheet(path: Path) -> tuple[Path, str]:
    """Part the path of a workbook from the name of a sheet behind it; the name is empty where a file is called so, or
    no sheet is named.
    """
    match = WITH_SHEET.fullmatch(path.name)
    return (path.with_name(match[1]), match[2]) if match and not path.exists() else (path, "")


class Choice(Frozen):
    """A catalog name with its options. In YAML: `alpaca`, or `{turns: {session: sid}}`."""

    name: str
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and len(value) == 1 and "name" not in value:
            name, options = next(iter(value.items()))
            return {"name": name, "options": options or {}}
        return value


class SessionSettings(Frozen):
    """How the turns of this input become conversations. `window` counts messages of one training conversation."""

    joiner: str = "\n"
    window: int | None = Field(None, ge=2)
    keep_notices: bool = False

    @field_validator("window")
    @classmethod
    def _whole_exchanges(cls, window: int | None) -> int | None:
        if window is not None and window % 2:
            raise ValueError(
                Bilingual(
                    "a window has an even number of messages: every question with its answer",
                    "window 必须是偶数：每个问题都要连同回答",
                )
            )
        return window


class Input(Frozen):
    """One raw file, or many of one layout whose sessions go on from file to file: `export_*.csv`. What is left out is
    found out: reader by suffix, format by the first rows, encoding by evidence.

    `line_encodings` are tried, one after the other, on each line that the file's encoding cannot read.
    """

    path: str
    kind: Kind = "domain"
    reader: Choice | None = None
    format: Choice | None = None
    encoding: str | None = None
    line_encodings: tuple[str, ...] = ()
    sessions: SessionSettings = SessionSettings()
    licence: str = ""
    attribution: str = ""
    """Whom the licence asks to name, and where the file came from."""
    date: datetime.date | None = None
    """The day that its records are of; without it, the last one in the path."""
    pinned: bool = False
    """Whether its records stay whatever they repeat or contradict."""

    @property
    def is_pattern(self) -> bool:
        """Whether the path may name many files, as `export_*.csv` does."""
        return any(mark in self.path for mark in "*?[")

    def reads(self, path: str) -> bool:
        """Tell whether a file is one of those that the path names."""
        steps, marks = PurePosixPath(path).parts, PurePosixPath(self.path).parts
        return path == self.path or (len(steps) == len(marks) and all(map(fnmatchcase, steps, marks)))

    @property
    def tags(self) -> list[str]:
        """What each of its records is tagged with."""
        return [*([PINNED] if self.pinned else []), *([f"{DATE}{self.date}"] if self.date else [])]

    @model_serializer(mode="wrap")
    def _without_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out the day and the pin where there is none: a dataset built before they existed keeps its ids."""
        return {name: value for name, value in handler(self).items() if value or name not in ("date", "pinned")}
