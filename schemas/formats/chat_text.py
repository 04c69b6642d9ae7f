"""A whole conversation in one text: "用户：… 客服：…", "问：…答：…", "\\tCustomer:\\t…"."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.formats._markup_chat import as_lines, stamped_turns
from schemas.record import Record
from schemas.roles import WORDS, RoleName, Roles, role_in_log, role_of

NOT_SPEAKERS = frozenset(
    ("model", "event", "prompter", "developer", "ai", "admin", "contact", "guest", "consumer", "incoming", "outgoing",
     "inbound", "outbound", "rep", "internal", "note", "private_note", "internal_note", "备注", "内部备注", "內部備註",
     "advisor", "consultant", "requester", "end_user", "enduser", "end-user")
)  # fmt: skip
"""Roles of data sets that are, at the start of a line of a chat, about a product or a date."""
MOMENT = (
    r"(?:[0-9]{2,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[ T]+)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?"
    r"(?: ?[ap]m)?"
)
START = r"(?:^|(?<=[\n\t。！？!?；;…])|(?<=\. )(?![aq][0-9]* ?[:：]))"
"""A speaker stands at the start of a line or after the end of a sentence, never inside one."""
SPACED = rf"(?:{START}|(?<=[ \u3000]))"
"""Or, in a chat on one line, after a space."""
SHORT = ("我",)
"""A word that stands before a colon in any sentence."""
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
        if not isinstance(value, str):
            return False
        try:
            stamped = stamped_turns(value, {})
        except UnreadableError:
            return False
        return (
            len(_speeches(as_lines(value), {})) > 1 if stamped is None else {"note"} < {turn.role for turn in stamped}
        )

    def columns(self, fields: Mapping[str, Any]) -> Mapping[str, str]:
        return {self.text: "text"}

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if self.text not in fields:
            raise UnreadableError("column_missing")
        value = fields[self.text]
        if not isinstance(value, str):
            raise UnreadableError("column_is_not_text")
        stamped = stamped_turns(value, self.roles)
        if stamped is not None:
            return Draft(None, stamped)
        value = as_lines(value)
        speeches = _speeches(value, self.roles)
        if not speeches:
            raise UnreadableError("no_speakers")
        before = value[: speeches[0].start()].strip()
        turns = [Turn("note", before)] if before else []
        ends = [*(speech.start() for speech in speeches[1:]), len(value)]
        for speech, end in zip(speeches, ends, strict=True):
            words = value[speech.end() : end].strip()
            turns.append(Turn(role_in_log(speech[1], words, self.roles) or "note", words))
        return Draft(None, tuple(turns))

    def write(self, record: Record) -> dict[str, Any]:
        names = {"user": "用户", "assistant": "客服", "system": "系统提示词"}
        return {self.text: "\n".join(f"{names[m.role]}：{m.content}" for m in record.messages)}


def speaker_of(line: str) -> RoleName | None:
    """Find who speaks in a line that is one message of a chat: `客服：您好`. None for any other line."""
    speeches = _speeches(line, {})
    return role_of(speeches[0][1], {}) if len(speeches) == 1 and not line[: speeches[0].start()].strip() else None


def _speeches(text: str, roles: Mapping[str, RoleName]) -> list[re.Match[str]]:
    """Find where each speech begins; group 1 is the speaker's word.

    A speaker after a space is one where the text is a single line that begins with a speaker, and he is one of the two,
    written in the same way: "用户：能退吗 客服：可以". Where speakers begin lines, one inside of a line is
    a quotation.
    """
    more = tuple(sorted(roles))
    sure = list(_speaker(START, more).finditer(text))
    if not sure or text[: sure[0].start()].strip() or any("\n" in text[: each.start(1)].lstrip() for each in sure):
        return sure
    offsets = {each.start(1) for each in sure}
    speeches: list[re.Match[str]] = []
    for match in _speaker(SPACED, more).finditer(text):
        if match.start(1) in offsets or (speeches and _answers(match, speeches[-1], roles)):
            speeches.append(match)
    return speeches


def _answers(match: re.Match[str], last: re.Match[str], roles: Mapping[str, RoleName]) -> bool:
    """Tell whether this is the other speaker, or the same again, by a word and a colon like those of the last one."""
    word, before = match[1], last[1]
    sides = {role_of(word, roles), role_of(before, roles)}
    takes_turn = sides == {"user", "assistant"} or (word == before and "note" not in sides)
    is_alike = word.isascii() == before.isascii() and word[0].isupper() == before[0].isupper()
    is_sure = word not in SHORT and not (word.isascii() and len(word) == 1)
    return takes_turn and is_alike and is_sure and match[0][-1] == last[0][-1]


@cache
def _speaker(start: str, more: tuple[str, ...]) -> re.Pattern[str]:
    """Build the pattern of a speaker's word, the usual ones and `more`, where `start` lets it stand."""
    words = ({word for group in WORDS.values() for word in group} - NOT_SPEAKERS) | {word.strip() for word in more}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"{start}{BEFORE}({'|'.join(map(re.escape, longest_first))}){NUMBER}{AFTER}", re.IGNORECASE)
