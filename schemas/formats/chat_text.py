"""A whole conversation in one text: "用户：… 客服：…", "问：…答：…", "\\tCustomer:\\t…"."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import WORDS, role_of

STARTS = r"(?:^|(?<=[\n\t。！？!?；;…]))[ \t\u3000【\[]*"
"""A speaker stands at the start of a line or after the end of a sentence, never inside one."""
COLON = r"[ \t】\]]*[:：](?!//)"


class ChatText(Format):
    """The speakers are the usual words of both languages, and those that `roles` adds."""

    title_zh: ClassVar[str] = "整段聊天文本：用户：… 客服：…"

    text: str = "text"
    roles: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        value = fields.get("text")
        return isinstance(value, str) and len(_speaker(()).findall(value)) > 1

    def read(self, fields: Mapping[str, Any]) -> Draft:
        value = fields.get(self.text)
        if not isinstance(value, str):
            raise UnreadableError("column_missing")
        pieces = _speaker(tuple(sorted(self.roles))).split(value)
        if len(pieces) < 3:
            raise UnreadableError("no_speakers")
        turns = [Turn("note", pieces[0])] if pieces[0].strip() else []
        for word, said in zip(pieces[1::2], pieces[2::2], strict=True):
            turns.append(Turn(role_of(word, self.roles) or "note", said.strip()))
        return Draft(None, tuple(turns))

    def write(self, record: Record) -> dict[str, Any]:
        names = {"user": "用户", "assistant": "客服", "system": "系统提示词"}
        return {self.text: "\n".join(f"{names[m.role]}：{m.content}" for m in record.messages)}


@cache
def _speaker(more: tuple[str, ...]) -> re.Pattern[str]:
    words = {word for group in WORDS.values() for word in group} | set(more)
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"{STARTS}({'|'.join(map(re.escape, longest_first))}){COLON}", re.IGNORECASE)
