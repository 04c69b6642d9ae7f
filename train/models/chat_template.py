"""Conversations as the model's own template wants them, up to where the assistant speaks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.job import Thinking
from train.models.rendering import SWITCHES, Message, rendered, token_ids
from train.models.template_traits import TemplateTraits, traits_of
from train.models.thinking import Thought, closing, joined, split_thought

BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
"""Lines without a word at the beginning of an answer."""
SWITCHED: dict[Thinking, bool | None] = {"off": False, "empty": None, "keep": True}
"""What the template's switch of thinking is set to."""


@dataclass(frozen=True)
class ChatFormat:
    """How a conversation becomes what the model reads: the same in training, in the exam and behind a server.

    `system` stands before conversations that bring no system message of their own. `thinking` is one of

    - off: the model answers at once. Thinking is switched off or closed in the prompt, thoughts of rows are left out;
    - empty: it learns to write the empty block of thinking itself, thoughts of rows are left out;
    - keep: it learns the thoughts of rows, and the empty block where a row has none. Thinking is switched on.

    For a template that knows no thinking, off and empty are the same.
    """

    tokenizer: Any
    system: str | None = None
    thinking: Thinking = "off"

    @property
    def traits(self) -> TemplateTraits:
        return traits_of(self.tokenizer)

    def conversation(self, messages: Sequence[Message]) -> list[Message]:
        """Make of messages what the template takes: text without control tokens, the system message where it may stand.

        An empty one stands only where the template would write a default of its own. Where the template takes none,
        it goes before the user's first words.
        """
        talk = with_system([self._plain(message) for message in messages], self.system)
        if not _has_system(talk):
            return talk

        content, rest = talk[0]["content"], talk[1:]
        if not content.strip():
            return [{"role": "system", "content": ""}, *rest] if self.traits.has_default else rest
        return talk if self.traits.takes_system else _in_first_question(content, rest)

    def prompt(self, talk: Sequence[Message]) -> str:
        """Render what the model reads when it has to answer. Raises InputError."""
        text = rendered(self.tokenizer, talk, begin=True, thinks=SWITCHED[self.thinking])
        return text + closing(text) if self.thinking == "off" else text

    def whole(self, talk: Sequence[Message]) -> str:
        """Render a conversation that ends with an answer. Raises InputError."""
        return rendered(self.tokenizer, talk, begin=False, thinks=SWITCHED[self.thinking])

    def prompt_ids(self, messages: Sequence[Message]) -> list[int]:
        """Render messages up to where the assistant begins to speak, as token ids. Raises InputError."""
        return self.ids(self.prompt(self.conversation(messages)))

    def ids(self, text: str) -> list[int]:
        return token_ids(self.tokenizer, text)

    def served_template(self) -> str:
        """Make the chat template that goes with the adapter: it renders prompts as the training did.

        It is the model's own where that does so without being told.
        """
        template = str(self.tokenizer.get_chat_template())
        question = [{"role": "user", "content": "?"}]
        switched = rendered(self.tokenizer, question, begin=True, thinks=SWITCHED[self.thinking])
        end = self.prompt(question).removeprefix(switched)
        if switched + end == rendered(self.tokenizer, question, begin=True):
            return template

        # A plus sign keeps the line feed that may follow a tag.
        value = str(SWITCHED[self.thinking]).lower()
        switches = "".join(f"{{% set {name} = {value} +%}}" for name in SWITCHES)
        closed = f"{{% if add_generation_prompt %}}{{{{ {end!r} }}}}{{% endif %}}" if end else ""
        return switches + template.removesuffix("\n") + closed

    def _plain(self, message: Message) -> Message:
        """Take the thoughts out of an assistant's message, or write them as one block, and defuse everything else."""
        role, content = message["role"], message["content"]
        if role != "assistant":
            return {"role": role, "content": defused(content, self.traits.control)}
        thought, answer = split_thought(content)
        # A line feed that begins an answer would merge with the one that ends the prompt into a token of no prompt.
        answer = defused(BLANK_LINES.sub("", answer), self.traits.control)
        if thought is None or self.thinking != "keep":
            return {"role": role, "content": answer}
        return {"role": role, "content": joined(Thought(defused(thought, self.traits.control), answer))}


def with_system(messages: Sequence[Message], system: str | None) -> list[Message]:
    """Put the system message of the recipe before a conversation that brings none of its own."""
    if system is None or _has_system(messages):
        return list(messages)
    return [{"role": "system", "content": system}, *messages]


def _has_system(messages: Sequence[Message]) -> bool:
    return bool(messages) and messages[0]["role"] == "system"


def _in_first_question(system: str, messages: Sequence[Message]) -> list[Message]:
    """Join a system message and the user's first words by an empty line; without such words it is a turn of its own."""
    first = next((n for n, message in enumerate(messages) if message["role"] == "user"), None)
    if first is None:
        return [{"role": "user", "content": system}, *messages]
    joint = {"role": "user", "content": f"{system}\n\n{messages[first]['content']}"}
    return [*messages[:first], joint, *messages[first + 1 :]]


def defused(text: str, control: Sequence[str]) -> str:
    """Put a zero-width space inside every control token of a text: it must not become one."""
    for token in control:
        text = text.replace(token, f"{token[:1]}\u200b{token[1:]}")
    return text
