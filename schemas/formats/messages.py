"""OpenAI messages: `messages` of `role` and `content`, and its relatives."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import TOOLS, RoleName, Roles, role_of

KEYS = ("messages", "conversations", "dialogue", "dialog", "turns")


class Messages(Format):
    """A list of messages in one column; each an object, or a list of the speaker and what was said.

    Content may be text or a list of text blocks. `roles` says who `user` and `assistant` are under other names.
    Conversations with tool calls are refused: their turns are no text to learn from here.
    """

    title_zh: ClassVar[str] = "OpenAI 消息：messages 里的 role 和 content"

    column: str | None = None
    role: str = "role"
    content: str = "content"
    roles: Roles = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return any(_is_talk(fields.get(key)) for key in KEYS)

    def read(self, fields: Mapping[str, Any]) -> Draft:
        keys = (self.column,) if self.column else KEYS
        talk = next((fields[key] for key in keys if isinstance(fields.get(key), list)), None)
        if talk is None:
            raise UnreadableError("no_messages")
        messages = [self._message(item) for item in talk]
        if TOOLS & {word.casefold() for word, _ in messages}:
            raise NothingToLearnError("tool_turns")
        roles = {**_sys({word.casefold() for word, _ in messages}), **self.roles}
        turns = [Turn("system", fields["system"])] if isinstance(fields.get("system"), str) else []
        return Draft(None, (*turns, *(_turn(word, content, roles) for word, content in messages)))

    def _message(self, item: Any) -> tuple[str, Any]:
        """Split one message into its speaker and its content."""
        if isinstance(item, list) and len(item) == 2:
            return str(item[0]), item[1]
        if not isinstance(item, Mapping):
            raise UnreadableError("turn_is_not_an_object")
        if item.get("tool_calls"):
            raise NothingToLearnError("tool_turns")
        return str(item.get(self.role, "")), item.get(self.content)

    def write(self, record: Record) -> dict[str, Any]:
        return {self.column or "messages": [{self.role: m.role, self.content: m.content} for m in record.messages]}


def _is_talk(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping) and "role" in value[0]


def _sys(words: set[str]) -> dict[str, RoleName]:
    """Read `sys` as the system message beside an assistant; else it is the agent of a `usr`, as in CrossWOZ."""
    return {"sys": "system"} if words & {"assistant", "bot", "agent", "gpt", "model"} else {}


def _turn(word: str, content: Any, roles: Mapping[str, RoleName]) -> Turn:
    role = role_of(word, roles)
    if role is None:
        raise UnreadableError("unknown_role")
    if isinstance(content, str):
        return Turn(role, content)
    if isinstance(content, list) and all(isinstance(b, Mapping) and b.get("type") == "text" for b in content):
        return Turn(role, "".join(str(block.get("text") or block.get("value") or "") for block in content))
    raise UnreadableError("content_is_not_text")
