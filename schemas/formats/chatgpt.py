"""The export of ChatGPT: a tree of messages, `mapping`, of which the branch to `current_node` is the conversation."""

from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.formats import Draft, Format, NothingToLearnError, Turn, UnreadableError
from schemas.formats._beside import parsed
from schemas.record import Record
from schemas.roles import TOOLS, role_of

HIDDEN = "is_visually_hidden_from_conversation"
THOUGHTS = frozenset(("thoughts", "reasoning_recap", "model_editable_context", "user_editable_context"))
"""Kinds of content that were said to nobody."""


class Chatgpt(Format):
    """Answers that were made anew hang beside the branch, and are left out with what nobody sees. Conversations with
    tools are refused, and those with images.
    """

    title_zh: ClassVar[str] = "ChatGPT 导出：mapping 里的消息树，取到 current_node 的一支"
    writes: ClassVar[bool] = False

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        tree = parsed(fields.get("mapping"))
        leaf = fields.get("current_node")
        return isinstance(tree, Mapping) and isinstance(leaf, str) and leaf in tree

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(("mapping", "current_node"))

    def read(self, fields: Mapping[str, Any]) -> Draft:
        tree = parsed(fields.get("mapping"))
        if not isinstance(tree, Mapping) or not tree:
            raise NothingToLearnError("no_messages")
        turns = (_turn(message) for message in _branch(tree, fields.get("current_node")))
        return Draft(None, tuple(turn for turn in turns if turn is not None))

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("an export of ChatGPT is read only")


def _branch(tree: Mapping[str, Any], leaf: Any) -> list[Mapping[str, Any]]:
    """List the messages from the root to a leaf. Raises UnreadableError where the branch is broken."""
    messages: list[Mapping[str, Any]] = []
    seen: set[Any] = set()
    while leaf is not None:
        node = tree.get(leaf) if isinstance(leaf, str) else None
        if not isinstance(node, Mapping) or leaf in seen:
            raise UnreadableError("no_messages")
        seen.add(leaf)
        if isinstance(node.get("message"), Mapping):
            messages.append(node["message"])
        leaf = node.get("parent")
    return messages[::-1]


def _turn(message: Mapping[str, Any]) -> Turn | None:
    """Read a message of the tree; None for one that nobody sees."""
    author, content, metadata = (message.get(key) or {} for key in ("author", "content", "metadata"))
    if not all(isinstance(each, Mapping) for each in (author, content, metadata)):
        raise UnreadableError("turn_is_not_an_object")
    if metadata.get(HIDDEN) or content.get("content_type") in THOUGHTS:
        return None
    word = str(author.get("role"))
    if word.casefold() in TOOLS or message.get("recipient", "all") != "all":
        raise NothingToLearnError("tool_turns")
    role = role_of(word, {})
    if role is None:
        raise UnreadableError("unknown_role")
    parts = content.get("parts", [content.get("text")])
    if not isinstance(parts, list):
        raise UnreadableError("content_is_not_text")
    if any(isinstance(part, Mapping) for part in parts):
        raise NothingToLearnError("media")
    if not all(isinstance(part, str) for part in parts):
        raise UnreadableError("content_is_not_text")
    return Turn(role, "\n".join(parts))
