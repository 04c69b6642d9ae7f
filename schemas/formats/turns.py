"""A table of turns: one message a row, with the session it belongs to."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import role_of


class Turns(Format):
    """Rows of one session stand in their order of time. `roles` maps the words of the role column."""

    title_zh: ClassVar[str] = "逐条消息的表：会话、角色、内容各一列"
    writes: ClassVar[bool] = False

    session: str
    role: str
    text: str
    roles: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return False  # its columns have to be named

    def read(self, fields: Mapping[str, Any]) -> Draft:
        session, word, text = (fields.get(name) for name in (self.session, self.role, self.text))
        if not (isinstance(session, str) and isinstance(word, str) and isinstance(text, str)):
            raise UnreadableError("column_missing")
        if not session.strip():
            raise UnreadableError("no_session")
        role = role_of(word, self.roles)
        if role is None:
            raise UnreadableError("unknown_role")
        return Draft(session.strip(), (Turn(role, text),))

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("a conversation is many rows of a table of turns")
