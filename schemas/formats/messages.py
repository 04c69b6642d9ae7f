"""OpenAI messages: `messages` of `role` and `content`, and its relatives."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError, is_filled
from schemas.formats._beside import SYSTEM, check_marks, is_unlearnt, marks_in, parsed, system_of
from schemas.record import Record
from schemas.roles import TOOLS, RoleName, Roles, role_of

KEYS = (
    "messages", "conversations", "dialogue", "dialog", "turns", "conversation", "chat", "chat_history", "对话", "消息",
    "会话",
)  # fmt: skip
SPEAKERS = ("role", "from", "speaker", "sender", "author", "角色", "发送方")
"""Keys of a message that may say who speaks, where the recipe names none; the first counts."""
SAID = ("content", "value", "text", "message", "utterance", "msg", "body", "内容")
"""Keys of a message that may hold what is said, in the same way."""
ANSWERED = ("chosen", "completion")
"""Keys of a list of messages that goes on where `prompt` ends, or holds it."""
PROGRAM = ("tool_calls", "function_call", "tool_call_id")
"""Keys of a message between an assistant and a program."""
MEDIA = ("image", "image_url", "input_image", "audio", "input_audio", "video", "video_url", "file", "voice")
"""Kinds of blocks that are no text."""


class Messages(Format):
    """A list of messages in one column, also as JSON in a cell; each an object, or a list of the speaker and what was
    said.

    Content may be text or a list of text blocks. `roles` says who `user` and `assistant` are under other names.
    A preference set is read by its `chosen` messages, behind those of `prompt` unless they begin with them; so is
    `completion`. Conversations with tool calls are refused, and those with images: their turns are no text to learn
    from here. Rows that somebody marked as bad (`label: false`) are left out, unless `keep_marked`.
    """

    title_zh: ClassVar[str] = "OpenAI 消息：messages 里的 role 和 content"

    column: str | None = None
    role: str = "role"
    content: str = "content"
    roles: Roles = Field(default_factory=dict)
    keep_marked: bool = False

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return any(_is_talk(key, parsed(fields.get(key))) for key in KEYS) or _answered(fields) is not None

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        answered = ("prompt", *ANSWERED) if any(key in fields for key in ANSWERED) else ()
        return frozenset((*self._columns, *SYSTEM, *answered)) | marks_in(fields)

    def unread_of_turns(self, fields: Mapping[str, Any]) -> Counter[str]:
        """Count what is filled in the messages of a row beside who speaks and what is said."""
        talk: list[Any] = next((fields[key] for key in self._columns if isinstance(fields.get(key), list)), [])
        longer = [item for item in talk if isinstance(item, Mapping) and len(item) > 2]
        if not longer:
            return Counter()
        read = {self.role, self.content, *self._keys(longer[0])}
        return Counter(key for item in longer for key, value in item.items() if key not in read and is_filled(value))

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if not self.keep_marked:
            check_marks(fields)
        talks = (parsed(fields.get(key)) for key in self._columns)
        talk = next((talk for talk in talks if isinstance(talk, list)), None)
        if talk is None and self.column is None:
            talk = _answered(fields)
        if not talk and any(key in fields and not fields[key] for key in self._columns):
            raise NothingToLearnError("no_messages")
        if talk is None:
            raise UnreadableError("no_messages")
        messages = [self._message(item) for item in talk]
        if TOOLS & {word.casefold() for word, _ in messages}:
            raise NothingToLearnError("tool_turns")
        roles = {**_sys({word.casefold() for word, _ in messages}), **self.roles}
        turns = tuple(_turn(word, content, roles) for word, content in messages)
        _check_learnt(talk, turns)
        return Draft(None, (*system_of(fields), *turns))

    @property
    def _columns(self) -> Sequence[str]:
        return (self.column,) if self.column else KEYS

    def _keys(self, item: Mapping[str, Any]) -> tuple[str, str]:
        """Find the keys of who speaks and of what is said: the usual ones where those of the recipe are not there."""
        role = self.role if self.role in item else next((key for key in SPEAKERS if key in item), self.role)
        content = self.content if self.content in item else next((key for key in SAID if key in item), self.content)
        return role, content

    def _message(self, item: Any) -> tuple[str, Any]:
        """Split one message into its speaker and its content."""
        if isinstance(item, (list, tuple)) and len(item) == 2:
            return str(item[0]), item[1]
        if not isinstance(item, Mapping):
            raise UnreadableError("turn_is_not_an_object")
        if any(item.get(key) for key in PROGRAM):
            raise NothingToLearnError("tool_turns")
        role, content = self._keys(item)
        return str(item.get(role, "")), item.get(content)

    def write(self, record: Record) -> dict[str, Any]:
        return {self.column or "messages": [{self.role: m.role, self.content: m.content} for m in record.messages]}


def _is_talk(column: str, value: Any) -> bool:
    """Tell whether this is a list of messages. `from` and `value` in `conversations` are another format's."""
    if not (isinstance(value, list) and value and isinstance(value[0], Mapping)):
        return False
    first = value[0]
    if "role" in first:
        return True
    if column == "conversations" and "from" in first:
        return False
    word = next((first[key] for key in SPEAKERS if key in first), None)
    is_known = isinstance(word, str) and (role_of(word, {}) is not None or word.casefold() in TOOLS)
    return is_known and any(key in first for key in SAID)


def _answered(fields: Mapping[str, Any]) -> list[Any] | None:
    """Join a prompt and its answer, the chosen one of several; None where the answer is no list of messages. A prompt
    that is a text stands before an answer alone: else the answer begins with it.
    """
    answer = next((parsed(fields[key]) for key in ANSWERED if key in fields), None)
    if not isinstance(answer, list) or not _is_talk("", answer):
        return None
    prompt = parsed(fields.get("prompt"))
    if isinstance(prompt, list):
        return answer if answer[: len(prompt)] == prompt else [*prompt, *answer]
    is_alone = len(answer) == 1 and isinstance(prompt, str)
    return [{"role": "user", "content": prompt}, *answer] if is_alone else answer


def _check_learnt(talk: Sequence[Any], turns: Sequence[Turn]) -> None:
    """Raise NothingToLearnError where every answer is marked as not to be learnt."""
    marked = [is_unlearnt(item) for item, turn in zip(talk, turns, strict=True)
              if turn.role == "assistant" and isinstance(item, Mapping)]  # fmt: skip
    if marked and all(marked):
        raise NothingToLearnError("not_to_learn")


def _sys(words: set[str]) -> dict[str, RoleName]:
    """Read `sys` as the system message beside an assistant; else it is the agent of a `usr`, as in CrossWOZ."""
    return {"sys": "system"} if words & {"assistant", "bot", "agent", "gpt", "model"} else {}


def _turn(word: str, content: Any, roles: Mapping[str, RoleName]) -> Turn:
    role = role_of(word, roles)
    if role is None:
        raise UnreadableError("unknown_role")
    if isinstance(content, str) or content is None:
        return Turn(role, content or "")
    if isinstance(content, list) and all(isinstance(block, Mapping) for block in content):
        kinds = {block.get("type") for block in content}
        if kinds & {*MEDIA}:
            raise NothingToLearnError("media")
        if kinds <= {"text"}:
            return Turn(role, "".join(str(block.get("text") or block.get("value") or "") for block in content))
    raise UnreadableError("content_is_not_text")
