"""OpenAI messages: `messages` of `role` and `content`, and its relatives."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import role_of

KEYS = ("messages", "conversations", "dialogue", "dialog", "turns")


class Messages(Format):
    """Content may be text or a list of text blocks. `roles` says who `user` and `assistant` are under other names."""

    title_zh: ClassVar[str] = "OpenAI 消息：messages 里的 role 和 content"

    roles: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return any(_is_talk(fields.get(key)) for key in KEYS)

    def read(self, fields: Mapping[str, Any]) -> Draft:
        talk = next((fields[key] for key in KEYS if isinstance(fields.get(key), list)), None)
        if talk is None:
            raise UnreadableError("no_messages")
        turns = [Turn("system", fields["system"])] if isinstance(fields.get("system"), str) else []
        return Draft(None, (*turns, *(self._turn(item) for item in talk)))

    def _turn(self, item: Any) -> Turn:
        if not isinstance(item, Mapping):
            raise UnreadableError("turn_is_not_an_object")
        role = role_of(str(item.get("role", "")), self.roles)
        if role is None:
            raise UnreadableError("unknown_role")
        return Turn(role, _content(item.get("content")))

    def write(self, record: Record) -> dict[str, Any]:
        return {"messages": [{"role": m.role, "content": m.content} for m in record.messages]}


def _is_talk(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping) and "role" in value[0]


def _content(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(b, Mapping) and b.get("type") == "text" for b in value):
        return "".join(str(block.get("text") or block.get("value") or "") for block in value)
    raise UnreadableError("content_is_not_text")
