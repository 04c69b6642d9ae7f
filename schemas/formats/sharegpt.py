"""ShareGPT: `conversations` of `from` and `value`."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError, is_filled
from schemas.formats._beside import SYSTEM, check_marks, is_unlearnt, marks_in, parsed, system_of
from schemas.record import Record
from schemas.roles import TOOLS, Roles, role_of

NAMES = {"user": "human", "assistant": "gpt", "system": "system"}


class Sharegpt(Format):
    """Conversations with tool calls are refused: their turns are no text to learn from here. Where the last answer
    stands in `chosen`, it is read from there. Rows that somebody marked as bad (`label: false`) are left out, unless
    `keep_marked`.
    """

    title_zh: ClassVar[str] = "ShareGPT：conversations 里的 from 和 value"

    roles: Roles = Field(default_factory=dict)
    keep_marked: bool = False

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        talk = parsed(fields.get("conversations"))
        return isinstance(talk, list) and bool(talk) and isinstance(talk[0], Mapping) and "from" in talk[0]

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(("conversations", "chosen", *SYSTEM)) | marks_in(fields)

    def unread_of_turns(self, fields: Mapping[str, Any]) -> Counter[str]:
        talk = fields.get("conversations")
        longer = [item for item in talk if isinstance(item, Mapping) and len(item) > 2] if type(talk) is list else ()
        return Counter(
            key for item in longer for key, value in item.items() if key not in ("from", "value") and is_filled(value)
        )

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if not self.keep_marked:
            check_marks(fields)
        talk = parsed(fields.get("conversations"))
        if not isinstance(talk, list):
            raise UnreadableError("no_conversations")
        if isinstance(fields.get("chosen"), Mapping):
            talk = [*talk, fields["chosen"]]
        turns = tuple(self._turn(item) for item in talk)
        marked = [is_unlearnt(item) for item, turn in zip(talk, turns, strict=True) if turn.role == "assistant"]
        if marked and all(marked):
            raise NothingToLearnError("not_to_learn")
        return Draft(None, (*system_of(fields), *turns))

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
