"""ShareGPT: `conversations` of `from` and `value`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import TOOLS, Roles, role_of

NAMES = {"user": "human", "assistant": "gpt", "system": "system"}


class Sharegpt(Format):
    """Conversations with tool calls are refused: their turns are no text to learn from here."""

    title_zh: ClassVar[str] = "ShareGPT：conversations 里的 from 和 value"

    roles: Roles = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        talk = fields.get("conversations")
        return isinstance(talk, list) and bool(talk) and isinstance(talk[0], Mapping) and "from" in talk[0]

    def read(self, fields: Mapping[str, Any]) -> Draft:
        talk = fields.get("conversations")
        if not isinstance(talk, list):
            raise UnreadableError("no_conversations")
        turns = [Turn("system", fields["system"])] if isinstance(fields.get("system"), str) else []
        return Draft(None, (*turns, *(self._turn(item) for item in talk)))

    def _turn(self, item: Any) -> Turn:
        if not isinstance(item, Mapping):
            raise UnreadableError("turn_is_not_an_object")
        word = str(item.get("from"))
        if word.casefold() in TOOLS:
            raise NothingToLearnError("tool_turns")
        role = role_of(word, self.roles)
        if role is None:
            raise UnreadableError("unknown_role")
        if not isinstance(item.get("value"), str):
            raise UnreadableError("value_is_not_text")
        return Turn(role, item["value"])

    def write(self, record: Record) -> dict[str, Any]:
        return {"conversations": [{"from": NAMES[m.role], "value": m.content} for m in record.messages]}
