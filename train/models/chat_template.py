"""Conversations as the model's own template wants them, up to where the assistant speaks."""

from collections.abc import Sequence
from typing import Any

from train.models.rendering import Message, rendered, token_ids
from train.models.template_traits import traits_of


def with_system(messages: Sequence[Message], system: str | None) -> list[Message]:
    """Put the system message of the recipe before a conversation that brings none of its own."""
    if system is None or _has_system(messages):
        return list(messages)
    return [{"role": "system", "content": system}, *messages]


def conversation(messages: Sequence[Message], tokenizer: Any, system: str | None) -> list[Message]:
    """Make of messages what the template takes: text without control tokens, the system message where it may stand.

    An empty one stands only where the template would write a default of its own. Where the template takes none, it
    goes before the user's first words.
    """
    talk = with_system(defused(messages, tokenizer), system)
    if not _has_system(talk):
        return talk

    traits, content, rest = traits_of(tokenizer), talk[0]["content"], talk[1:]
    if not content.strip():
        return [{"role": "system", "content": ""}, *rest] if traits.has_default else rest
    return talk if traits.takes_system else _in_first_question(content, rest)


def _has_system(messages: Sequence[Message]) -> bool:
    return bool(messages) and messages[0]["role"] == "system"


def _in_first_question(system: str, messages: Sequence[Message]) -> list[Message]:
    """Join a system message and the user's first words by an empty line; without such words it is a turn of its own."""
    first = next((n for n, message in enumerate(messages) if message["role"] == "user"), None)
    if first is None:
        return [{"role": "user", "content": system}, *messages]
    joined = {"role": "user", "content": f"{system}\n\n{messages[first]['content']}"}
    return [*messages[:first], joined, *messages[first + 1 :]]


def prompt_ids(tokenizer: Any, messages: Sequence[Message], system: str | None) -> list[int]:
    """Render a conversation up to where the assistant begins to speak, as token ids. Raises InputError."""
    return token_ids(tokenizer, rendered(tokenizer, conversation(messages, tokenizer, system), begin=True))


def defused(messages: Sequence[Message], tokenizer: Any) -> list[dict[str, str]]:
    """Put a zero-width space inside every control token of the messages: text must not become a control token."""
    safe = []
    for message in messages:
        content = message["content"]
        for token in traits_of(tokenizer).control:
            content = content.replace(token, f"{token[:1]}\u200b{token[1:]}")
        safe.append({"role": message["role"], "content": content})
    return safe
