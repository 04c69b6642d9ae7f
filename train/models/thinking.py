"""What a model thinks before it answers: a block `<think>…</think>` that its template writes, opens or leaves out.

A conversation from outside may hold such blocks, too, whole or broken. What stands in them is no part of the reply.
"""

import re
from typing import NamedTuple

OPEN, CLOSE = "<think>", "</think>"
BLOCK = re.compile(r"<think>(.*?)</think>\s*", re.DOTALL)
LEADING = re.compile(r"\s*<think>(.*?)</think>\s*", re.DOTALL)
HEADLESS = re.compile(r"(?:(?!<think>).)*?(?:^|\n)[ \t]*</think>[ \t]*(?:\n\s*|\Z)", re.DOTALL)
"""A thought whose opening stood in the prompt, as R1's does: its end has a line of its own."""
ENDLESS = re.compile(r"\s*<think>(?!.*</think>)", re.DOTALL)
"""A thought that was cut off: no answer follows."""


class Thought(NamedTuple):
    """An assistant's message, taken apart. `thought` is None where none stands before the answer."""

    thought: str | None
    answer: str


def split_thought(text: str) -> Thought:
    """Take the thought before an answer, and every other whole block of thinking, out of an assistant's message."""
    if "think>" not in text:
        return Thought(None, text)
    if ENDLESS.match(text):
        return Thought(text.partition(OPEN)[2].strip(), "")
    if block := LEADING.match(text):
        return Thought(block[1].strip(), BLOCK.sub("", text[block.end() :]))
    if head := HEADLESS.match(text):
        return Thought(head[0].rpartition(CLOSE)[0].strip(), BLOCK.sub("", text[head.end() :]))
    return Thought(None, BLOCK.sub("", text))


def joined(message: Thought) -> str:
    """Put a thought before its answer as Qwen3 writes it; nothing where there is none."""
    return message.answer if message.thought is None else f"{OPEN}\n{message.thought}\n{CLOSE}\n\n{message.answer}"


def opens_thought(text: str) -> bool:
    """Tell whether a text ends inside a thought: R1's prompts do."""
    return OPEN in text.rpartition(CLOSE)[2]


def closing(prompt: str) -> str:
    """Find what closes the thought that a prompt opens, with nothing in it; nothing where it opens none."""
    if not opens_thought(prompt):
        return ""
    return f"\n{CLOSE}\n\n" if prompt.endswith("\n") else CLOSE


def without_empty_block(opening: str) -> str:
    """Take an empty thought off the end of a rendering: another is to stand there."""
    head, found, behind = opening.rpartition(OPEN)
    return head if found and not behind.replace(CLOSE, "", 1).strip() else opening
