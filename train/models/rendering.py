"""Renders a conversation by the model's own template; what the template refuses is one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import TemplateError

from schemas.errors import InputError

Message = Mapping[str, str]
FAILURES = (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
"""What a template raises: its own refusals, and what operators in it do with values that they do not fit."""
SWITCHES = ("enable_thinking", "thinking")
"""The variables by which templates are told to think or not: the first of Qwen3, GLM-4.5 and SmolLM3, the other of
DeepSeek V3.1 and Granite."""


class TemplateRefusalError(InputError):
    """The template cannot render a conversation. The sentence quotes nothing of it."""


def rendered(tokenizer: Any, talk: Sequence[Message], *, begin: bool, thinks: bool | None = None) -> str:
    """Render a conversation; with `begin`, up to where the assistant begins to speak. Raises TemplateRefusalError.

    `thinks` switches the template's thinking on or off, where it has a switch; None leaves it as it is.
    """
    switches = {} if thinks is None else dict.fromkeys(SWITCHES, thinks)
    try:
        return str(tokenizer.apply_chat_template(list(talk), tokenize=False, add_generation_prompt=begin, **switches))
    except FAILURES:
        roles = ", ".join(message["role"] for message in talk[:6]) + (" …" if len(talk) > 6 else "")
        raise TemplateRefusalError(
            f"the model's chat template cannot render a conversation of these turns: {roles or 'none'}",
            f"模型的对话模板无法处理这样的对话，各轮的角色依次是：{roles or '无'}",
        ) from None


def token_ids(tokenizer: Any, text: str) -> list[int]:
    """Tokenize a rendering: the template has written all control tokens that belong there."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
