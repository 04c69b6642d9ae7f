"""MOSS-003: `chat` of numbered turns, each of what the human and MOSS say, between marks."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError
from schemas.formats._beside import check_marks, marks_in, parsed
from schemas.record import Record

TURN = re.compile(r"turn_(\d+)")
SIDES = {"Human": "user", "MOSS": "assistant"}
MARKED = re.compile(r"\A\s*<\|[\w ]+\|>:\s?(.*?)(?:<eo[a-z]>)?\s*\Z", re.DOTALL)
"""A text between its marks: <|Human|>: … <eoh>."""
NOTHING_CALLED = ("", "None")


class Moss(Format):
    """Thoughts are left out, and conversations in which MOSS calls a program (`Commands`)."""

    title_zh: ClassVar[str] = "MOSS-003：chat 里按轮编号的 Human 和 MOSS"
    writes: ClassVar[bool] = False

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        chat = parsed(fields.get("chat"))
        return isinstance(chat, Mapping) and any(
            TURN.fullmatch(str(name)) and isinstance(turn, Mapping) and SIDES.keys() <= turn.keys()
            for name, turn in chat.items()
        )

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(("chat",)) | marks_in(fields)

    def read(self, fields: Mapping[str, Any]) -> Draft:
        check_marks(fields)
        chat = parsed(fields.get("chat"))
        if not isinstance(chat, Mapping):
            raise UnreadableError("no_messages")
        numbered = {int(match[1]): turn for name, turn in chat.items() if (match := TURN.fullmatch(str(name)))}
        turns = tuple(turn for number in sorted(numbered) for turn in _exchange(numbered[number]))
        return Draft(None, turns)

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("MOSS-003 is read only")


def _exchange(turn: Any) -> tuple[Turn, ...]:
    """Read what both sides say in a turn."""
    if not isinstance(turn, Mapping):
        raise UnreadableError("turn_is_not_an_object")
    if _bare(turn.get("Commands") or "") not in NOTHING_CALLED:
        raise NothingToLearnError("tool_turns")
    if not all(isinstance(turn.get(side), str) for side in SIDES):
        raise UnreadableError("content_is_not_text")
    return tuple(Turn(role, _bare(turn[side])) for side, role in SIDES.items())


def _bare(text: Any) -> str:
    """Take the marks off a text."""
    match = MARKED.match(str(text))
    return (match[1] if match else str(text)).strip()
