"""ShareGPT: `conversations` of `from` and `value`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record

ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "system": "system",
}
NAMES = {"user": "human", "assistant": "gpt", "system": "system"}


class Sharegpt(Format):
    """Conversations with tool calls are refused: their turns are no text to learn from here."""

    title_zh: ClassVar[str] = "ShareGPT：conversations 里的 from 和 value"

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        talk = fields.get("conversations")
        return isinstance(talk, list) and bool(talk) and isinstance(talk[0], Mapping) and "from" in talk[0]

    def read(self, fields: Mapping[str, Any]) -> Draft:
        talk = fields.get("conversations")
        if not isinstance(talk, list):
            raise UnreadableError("no_conversations")
        turns = [Turn("system", fields["system"])] if isinstance(fields.get("system"), str) else []
        return Draft(None, (*turns, *(_turn(item) for item in talk)))

    def write(self, record: Record) -> dict[str, Any]:
        return {"conversations": [{"from": NAMES[m.role], "value": m.content} for m in record.messages]}


def _turn(item: Any) -> Turn:
    if not isinstance(item, Mapping) or not isinstance(item.get("value"), str):
        raise UnreadableError("turn_is_not_text")
    role = ROLES.get(str(item.get("from")).casefold())
    if role is None:
        raise UnreadableError("tool_turns" if item.get("from") in ("function_call", "observation") else "unknown_role")
    return Turn(role, item["value"])
