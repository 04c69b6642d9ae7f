"""Conversations as the model's own template wants them, up to where the assistant speaks."""

from collections.abc import Mapping, Sequence
from typing import Any

Message = Mapping[str, str]


def with_system(messages: Sequence[Message], system: str | None) -> list[Message]:
    """Put the system message of the recipe before a conversation that brings none of its own."""
    if system is None or (messages and messages[0]["role"] == "system"):
        return list(messages)
    return [{"role": "system", "content": system}, *messages]


def prompt_ids(tokenizer: Any, messages: Sequence[Message], system: str | None) -> list[int]:
    """Render a conversation up to where the assistant begins to speak, as token ids."""
    text = tokenizer.apply_chat_template(
        with_system(defused(messages, tokenizer), system), tokenize=False, add_generation_prompt=True
    )
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def defused(messages: Sequence[Message], tokenizer: Any) -> list[dict[str, str]]:
    """Put a zero-width space inside every control token of the messages: text must not become a control token."""
    control = sorted(
        {token.content for token in tokenizer.added_tokens_decoder.values() if token.special},
        key=lambda content: (-len(content), content),
    )

    safe = []
    for message in messages:
        content = message["content"]
        for token in control:
            content = content.replace(token, f"{token[:1]}\u200b{token[1:]}")
        safe.append({"role": message["role"], "content": content})
    return safe
