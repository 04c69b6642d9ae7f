"""A whole conversation in one text: "用户：… 客服：…", "问：…答：…", "\\tCustomer:\\t…"."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record
from schemas.roles import WORDS, Roles, role_of

NOT_SPEAKERS = frozenset(("model", "event", "prompter"))
"""Roles of data sets that are, at the start of a line of a chat, about a product or a date."""
MOMENT = (
    r"(?:[0-9]{2,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[ T]+)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?"
    r"(?: ?[ap]m)?"
)
START = r"(?:^|(?<=[\n\t。！？!?；;…])|(?<=\. )(?![aq][0-9]* ?[:：]))"
"""A speaker stands at the start of a line or after the end of a sentence, never inside one."""
BEFORE = rf"[ \t\u3000]*(?:[\[(（【]?{MOMENT}[\])）】]?[ \t]*)?[【\[]?"
NUMBER = r"(?:[0-9]{1,6}|[ \t]?[(（][^()（）\n]{1,16}[)）])?"
"""Which of several agents: 客服01, 客服（小王）."""
AFTER = rf"[】\]]?(?:[ \t]*[:：]+(?!//)|[ \t]+{MOMENT}[ \t]*(?:[:：]|\n))"


class ChatText(Format):
    """The speakers are the usual words of both languages, and those that `roles` adds. Times beside them are left out.

    What stands before the first speaker is a note.
    """

    title_zh: ClassVar[str] = "整段聊天文本：用户：… 客服：…"

    text: str = "text"
    roles: Roles = Field(default_factory=dict)

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        value = fields.get("text")
        return isinstance(value, str) and len(_speaker(()).findall(value)) > 1

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if self.text not in fields:
            raise UnreadableError("column_missing")
        value = fields[self.text]
        if not isinstance(value, str):
            raise UnreadableError("column_is_not_text")
        pieces = _speaker(tuple(sorted(self.roles))).split(value)
        if len(pieces) < 3:
            raise UnreadableError("no_speakers")
        turns = [Turn("note", pieces[0].strip())] if pieces[0].strip() else []
        for word, said in zip(pieces[1::2], pieces[2::2], strict=True):
            turns.append(Turn(role_of(word, self.roles) or "note", said.strip()))
        return Draft(None, tuple(turns))

    def write(self, record: Record) -> dict[str, Any]:
        names = {"user": "用户", "assistant": "客服", "system": "系统提示词"}
        return {self.text: "\n".join(f"{names[m.role]}：{m.content}" for m in record.messages)}


@cache
def _speaker(more: tuple[str, ...]) -> re.Pattern[str]:
    words = ({word for group in WORDS.values() for word in group} - NOT_SPEAKERS) | {word.strip() for word in more}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"{START}{BEFORE}({'|'.join(map(re.escape, longest_first))}){NUMBER}{AFTER}", re.IGNORECASE)
