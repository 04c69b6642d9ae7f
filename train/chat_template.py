"""Conversations as the model's own template wants them, up to where the assistant speaks."""

from collections.abc import Mapping, Sequence
from typing import Any

Message = Mapping[str, str]


def with_system(messages: Sequence[Message], system: str | None) -> list[Message]:
    """The conversation with the system message of the recipe, unless it brings its own."""
    if system is None or (messages and messages[0]["role"] == "system"):
        return list(messages)
    return [{"role": "system", "content": system}, *messages]


def prompt_ids(tokenizer: Any, messages: Sequence[Message], system: str | None) -> list[int]:
    """The token ids of a conversation up to where the assistant begins to speak."""
    text = tokenizer.apply_chat_template(
        with_system(neutral(messages, tokenizer), system), tokenize=False, add_generation_prompt=True
    )
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def neutral(messages: Sequence[Message], tokenizer: Any) -> list[dict[str, str]]:
    """The messages with a zero-width space inside every control token: text must not become a control token."""
    control = sorted(
        {t.content for t in tokenizer.added_tokens_decoder.values() if t.special}, key=lambda c: (-len(c), c)
    )
    cleaned = []
    for message in messages:
        content = message["content"]
        for token in control:
            content = content.replace(token, f"{token[:1]}\u200b{token[1:]}")
        cleaned.append({"role": message["role"], "content": content})
    return cleaned
