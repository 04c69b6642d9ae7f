"""A table of turns: one message a row, with the session it belongs to."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from schemas.bilingual import Bilingual
from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError
from schemas.formats._unsaid import as_said
from schemas.record import Frozen, Record
from schemas.roles import Roles, role_in_log
from schemas.written_nulls import is_null_id

SHORTENED = re.compile(r"[1-9](?:\.[0-9]+)?E\+[0-9]{2}")
"""What a spreadsheet leaves of an id of more digits than it shows: no longer one id."""
NAMELESS = "?"
"""What the role of a turn begins with whose speaker's word nobody knows; the rest is that word."""

JOINT = "\x1f"
"""Stands between the values that name a session together."""

WITHDRAWN = "withdrawn"
"""The role of a turn that was taken back: nobody said it."""
WITHDRAWN_STATES = frozenset(
    ("已撤回", "撤回", "消息已撤回", "已撤销", "撤销", "recalled", "revoked", "withdrawn", "unsent", "retracted",
     "deleted", "recall", "revoke", "已删除", "1", "true", "yes", "y", "是")
)  # fmt: skip
"""What a column of states says of messages that were taken back."""


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


class Turns(Format):
    """Rows of one session may stand apart. `roles` maps the words of the role column; without it, unknown words are
    settled by who meets the most customers.

    Rows stand in the order they were said, or are sorted by `time`: a column or several of dates, clocks or numbers,
    with or without AM and PM, zones and names of months. `{column: C, order: dmy}` says whether dates begin with day
    (`dmy`), month (`mdy`) or year (`ymd`), where the whole column does not show it; `opens: 9` at what hour the day
    begins on a clock of twelve hours; `epoch: 1904` how a spreadsheet of old Macs counts. Rows of one time stay in
    their order, or in the opposite one in a file that runs backwards.

    `session: [shop, number]` names several columns that name a session together.

    `state` is a column that says which messages were withdrawn: they are left out.

    Without a session column, `user` (the customer's id, also in the agent's rows) and `time` make the sessions: one
    ends where nothing is said for `gap` minutes.
    """

    title_zh: ClassVar[str] = "逐条消息的表：会话、角色、内容各一列"
    writes: ClassVar[bool] = False

    session: str | tuple[str, ...] | None = None
    role: str
    text: str
    time: TimeColumns | None = None
    user: str | None = None
    state: str | None = None
    gap: float = Field(30, gt=0)
    roles: Roles = Field(default_factory=dict)
    fill: bool = False
    """Whether an empty cell of the session column stands for the session of the row above, as in merged cells."""

    @model_validator(mode="after")
    def _has_sessions(self) -> Self:
        if self.session is None and (self.user is None or self.time is None):
            raise ValueError(
                Bilingual("name `session`, or `user` and `time`", "请写明 session，或同时写明 user 和 time")
            )
        return self

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return False  # its columns have to be named

    def read(self, fields: Mapping[str, Any]) -> Draft:
        named = self.session or self.user or ""
        names = (named,) if isinstance(named, str) else named
        parts = ["" if is_null_id(part) else part for part in (_scalar(fields, name).strip() for name in names)]
        session = JOINT.join(parts) if all(parts) else ""
        if not session and not (self.fill and len(parts) == 1):
            raise UnreadableError("no_session" if self.session else "no_user")
        if any("E+" in part and SHORTENED.fullmatch(part) for part in parts):
            raise UnreadableError("shortened_id")
        word, text = _scalar(fields, self.role), _scalar(fields, self.text)
        role: str | None = role_in_log(word, text, self.roles)
        if role is None and word == self.role:
            raise NothingToLearnError("header_again")
        if role is None and (self.roles or not word.strip()):
            raise UnreadableError("unknown_role")
        if self.time:
            self.times(fields)
        if self.state and _scalar(fields, self.state).strip().casefold() in WITHDRAWN_STATES:
            return Draft(session, (Turn(WITHDRAWN, text),))
        return Draft(session, (as_said(role or NAMELESS + word.strip(), text, fields),))

    def own_columns(self) -> frozenset[str]:
        """Name the columns of session, speaker and text."""
        named = self.session or self.user or ""
        return frozenset((self.role, self.text, *((named,) if isinstance(named, str) else named)))

    def times(self, fields: Mapping[str, Any]) -> tuple[str, ...]:
        """Take the cells of `time` as they stand there."""
        return tuple(_scalar(fields, column) for column in self.time.columns) if self.time else ()

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("a conversation is many rows of a table of turns")


def _scalar(fields: Mapping[str, Any], name: str) -> str:
    """Read the text of a column; `is_agent: true` is a word like any other, and nothing is the empty text."""
    if name not in fields:
        raise UnreadableError("column_missing")
    value = fields[name]
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    raise UnreadableError("column_is_not_text")
