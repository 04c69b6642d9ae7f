"""A table of turns: one message a row, with the session it belongs to."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import Roles, role_of

DIGITS = re.compile(r"[0-9]+")
WIDTH = 20


class Turns(Format):
    """Rows of one session may stand apart. `roles` maps the words of the role column.

    Rows stand in the order they were said, or are sorted by `time`: a number, or text with the year first, whose
    runs of digits are compared as numbers. Rows of one time stay in their order.
    """

    title_zh: ClassVar[str] = "逐条消息的表：会话、角色、内容各一列"
    writes: ClassVar[bool] = False

    session: str
    role: str
    text: str
    time: str | None = None
    roles: Roles = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return False  # its columns have to be named

    def read(self, fields: Mapping[str, Any]) -> Draft:
        session = _scalar(fields, self.session).strip()
        if not session:
            raise UnreadableError("no_session")
        role = role_of(_scalar(fields, self.role), self.roles)
        if role is None:
            raise UnreadableError("unknown_role")
        if self.time and not self.moment(fields):
            raise UnreadableError("no_time")
        return Draft(session, (Turn(role, _scalar(fields, self.text)),))

    def moment(self, fields: Mapping[str, Any]) -> str:
        """What sorts the row among the others: its time with every number at full width; empty without `time`."""
        if not self.time:
            return ""
        return DIGITS.sub(lambda digits: digits[0].zfill(WIDTH), _scalar(fields, self.time).strip())

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("a conversation is many rows of a table of turns")


def _scalar(fields: Mapping[str, Any], name: str) -> str:
    """The text of a column; `is_agent: true` is a word like any other, and nothing is the empty text."""
    if name not in fields:
        raise UnreadableError("column_missing")
    value = fields[name]
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    raise UnreadableError("column_is_not_text")
