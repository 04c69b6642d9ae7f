"""A table of turns: one message a row, with the session it belongs to."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from schemas.bilingual import Bilingual
from schemas.formats import Draft, NothingToLearnError, Turn, UnreadableError
from schemas.formats._sessions import JOINT, InSessions, scalar
from schemas.formats._unsaid import COLUMNS, as_said, why_unsaid
from schemas.record import Record
from schemas.roles import Roles, role_in_log

INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Marks without width, which the names of columns are read without."""
NAMELESS = "?"
"""What the role of a turn begins with whose speaker's word nobody knows; the rest is that word."""

WITHDRAWN = "withdrawn"
"""The role of a turn that was taken back: nobody said it."""
WITHDRAWN_STATES = frozenset(
    ("已撤回", "撤回", "消息已撤回", "已撤销", "撤销", "recalled", "revoked", "withdrawn", "unsent", "retracted",
     "deleted", "recall", "revoke", "已删除", "1", "true", "yes", "y", "是")
)  # fmt: skip
"""What a column of states says of messages that were taken back."""


class Turns(InSessions):
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
    ends where nothing is said for `gap` minutes. So do `to`, the column of whom a message is sent to, and `time`.
    `session: _file` makes each file a session, `session: _block` each block of rows between empty ones.
    """

    title_zh: ClassVar[str] = "逐条消息的表：会话、角色、内容各一列"
    writes: ClassVar[bool] = False

    role: str
    text: str
    user: str | None = None
    to: str | None = None
    state: str | None = None
    gap: float = Field(30, gt=0)
    roles: Roles = Field(default_factory=dict)
    fill: bool = False
    """Whether an empty cell of the session column stands for the session of the row above, as in merged cells."""

    @model_validator(mode="after")
    def _has_sessions(self) -> Self:
        if self.session is None and ((self.user is None and self.to is None) or self.time is None):
            raise ValueError(
                Bilingual("name `session`, or `user` and `time`", "请写明 session，或同时写明 user 和 time")
            )
        return self

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return False  # its columns have to be named

    @property
    def has_sessions(self) -> bool:
        return True

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if fields.get(self.text) is None and not COLUMNS.isdisjoint(fields):
            raise NothingToLearnError(why_unsaid(fields))  # a step of another kind has no text
        named = self._session_columns
        session = self.session_of(fields, named)
        if not session and not (self.fill and len(named) == 1):
            raise UnreadableError("no_session" if self.session else "no_user")
        if self.session is None and self.user is None:
            session = JOINT.join(sorted(session.split(JOINT)))  # the two, whoever speaks
        word, text = scalar(fields, self.role), scalar(fields, self.text)
        role: str | None = role_in_log(word, text, self.roles)
        if role is None and INVISIBLE.sub("", word).strip() == self.role:
            raise NothingToLearnError("header_again")
        if role is None and (self.roles or not word.strip()):
            if (unsaid := as_said("", text, fields)).role:  # a notice has no speaker
                return Draft(session, (unsaid,))
            raise UnreadableError("unknown_role")
        if self.time:
            self.times(fields)
        if self.state and scalar(fields, self.state).strip().casefold() in WITHDRAWN_STATES:
            return Draft(session, (Turn(WITHDRAWN, text),))
        return Draft(session, (as_said(role or NAMELESS + word.strip(), text, fields),))

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        return super().reads(fields) | (COLUMNS & fields.keys())

    def own_columns(self) -> frozenset[str]:
        return frozenset((self.role, self.text, *self._session_columns))

    @cached_property
    def _session_columns(self) -> tuple[str, ...]:
        """The columns of which the values together name a session, or the two who speak."""
        if self.session is None:
            return (self.user,) if self.user else (self.role, self.to or "")
        return (self.session,) if isinstance(self.session, str) else self.session

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("a conversation is many rows of a table of turns")
