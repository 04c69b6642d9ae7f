"""Rows of which several are one conversation: the columns that name it, and those that give their order."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from schemas.bilingual import Bilingual
from schemas.formats import Format, UnreadableError
from schemas.record import Frozen
from schemas.written_nulls import is_null_id

SHORTENED = re.compile(r"[1-9](?:\.[0-9]+)?E\+[0-9]{2}")
"""What a spreadsheet leaves of an id of more digits than it shows: no longer one id."""
JOINT = "\x1f"
"""Stands between the values that name a session together."""


class TimeColumns(Frozen):
    """The columns that give the order of rows, the first before the second: `column` is a name or a list of names.

    `order` says what dates begin with, `opens` the hour from which it is morning on a clock of twelve hours without AM
    and PM (0: it has 24), `epoch` the year from which a spreadsheet counts its days.
    """

    column: str | tuple[str, ...]
    order: Literal["ymd", "dmy", "mdy"] | None = None
    opens: int | None = Field(None, ge=0, le=12)
    epoch: Literal[1900, 1904] = 1900

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, (str, list, tuple)) else value

    @field_validator("column")
    @classmethod
    def _has_names(cls, column: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if not column:
            raise ValueError(Bilingual("name a column", "请写明列名"))
        return column

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (self.column,) if isinstance(self.column, str) else self.column


class InSessions(Format):
    """A format of rows that belong to sessions: `session` names their column or columns, `time` those of their order.
    The rows of a session may stand apart.
    """

    session: str | tuple[str, ...] | None = None
    time: TimeColumns | None = None

    @property
    def has_sessions(self) -> bool:
        """Whether several rows may be one conversation."""
        return self.session is not None

    def session_of(self, fields: Mapping[str, Any], columns: str | tuple[str, ...]) -> str:
        """Read the session of a row from these columns; empty where one of them is. Raises UnreadableError for an id
        that a spreadsheet has shortened.
        """
        names = (columns,) if isinstance(columns, str) else columns
        parts = ["" if is_null_id(part) else part for part in (scalar(fields, name).strip() for name in names)]
        if any("E+" in part and SHORTENED.fullmatch(part) for part in parts):
            raise UnreadableError("shortened_id")
        return JOINT.join(parts) if all(parts) else ""

    def own_columns(self) -> frozenset[str]:
        """Name the columns of session, speaker and text."""
        raise NotImplementedError

    def times(self, fields: Mapping[str, Any]) -> tuple[str, ...]:
        """Take the cells of `time` as they stand there."""
        return tuple(scalar(fields, column) for column in self.time.columns) if self.time else ()


def scalar(fields: Mapping[str, Any], name: str) -> str:
    """Read the text of a column; `is_agent: true` is a word like any other, and nothing is the empty text."""
    if name not in fields:
        raise UnreadableError("column_missing")
    value = fields[name]
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    raise UnreadableError("column_is_not_text")
