"""A table of turns: one message a row, with the session it belongs to."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from schemas.bilingual import Bilingual
from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import Roles, role_of

DIGITS = re.compile(r"[0-9]+")
WIDTH = 20
CLOCK = re.compile(
    r"(?P<year>\d{4})\D{0,2}(?P<month>\d{1,2})\D{0,2}(?P<day>\d{1,2})(?:\D{1,4}?|(?=\d{4}))"
    r"(?P<hour>\d{1,2})\D{0,2}(?P<minute>\d{1,2})(?:\D{0,2}(?P<second>\d{1,2}))?"
)
EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
NAMELESS = "?"
"""What the role of a turn begins with whose speaker's word nobody knows; the rest is that word."""


class Turns(Format):
    """Rows of one session may stand apart. `roles` maps the words of the role column; without it, unknown words are
    settled by who meets the most customers.

    Rows stand in the order they were said, or are sorted by `time`: a number, or text with the year first, whose
    runs of digits are compared as numbers. Rows of one time stay in their order.

    Without a session column, `user` (the customer's id, also in the agent's rows) and `time` make the sessions: one
    ends where nothing is said for `gap` minutes.
    """

    title_zh: ClassVar[str] = "逐条消息的表：会话、角色、内容各一列"
    writes: ClassVar[bool] = False

    session: str | None = None
    role: str
    text: str
    time: str | None = None
    user: str | None = None
    gap: float = Field(30, gt=0)
    roles: Roles = Field(default_factory=dict)

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
        session = _scalar(fields, self.session or self.user or "").strip()
        if not session:
            raise UnreadableError("no_session" if self.session else "no_user")
        word = _scalar(fields, self.role)
        role = role_of(word, self.roles)
        if role is None and (self.roles or not word.strip()):
            raise UnreadableError("unknown_role")
        if self.time and not self.moment(fields):
            raise UnreadableError("no_time")
        if self.session is None and self.seconds(fields) is None:
            raise UnreadableError("no_time")
        return Draft(session, (Turn(role or NAMELESS + word.strip(), _scalar(fields, self.text)),))

    def moment(self, fields: Mapping[str, Any]) -> str:
        """Give what sorts the row among the others: its time with every number at full width; empty without `time`."""
        if not self.time:
            return ""
        return DIGITS.sub(lambda digits: digits[0].zfill(WIDTH), _scalar(fields, self.time).strip())

    def seconds(self, fields: Mapping[str, Any]) -> float | None:
        """Read the time as seconds from a fixed start; None where it is no date with a time and no count of seconds."""
        time = _scalar(fields, self.time or "").strip()
        if EPOCH.fullmatch(time):
            return float(time) / (1000 if len(time) == 13 else 1)  # 13 digits count milliseconds
        match = CLOCK.match(time)
        if match is None:
            return None
        try:
            return datetime(*(int(number or 0) for number in match.groups())).replace(tzinfo=UTC).timestamp()  # type: ignore[arg-type]
        except ValueError:
            return None

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
