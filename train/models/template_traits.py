"""What a chat template does, found by rendering conversations of three known words: no template is read or guessed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from train.models.rendering import Message, TemplateRefusalError, rendered
from train.models.thinking import CLOSE, OPEN

SYSTEM, QUESTION, ANSWER = "HORNBOOKSYSTEM", "HORNBOOKQUESTION", "HORNBOOKANSWER"
WORD_OR_ELEMENT = re.compile(
    r"\w+|</?(?:a|b|blockquote|br|caption|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strong|su[bp]|t(?:able|body|d|"
    r"foot|h|head|r)|u|ul)>"
)
"""No mark, though a template may hold it: a word, and an element of HTML."""
SHAPE = re.compile(r"<[|｜][^|｜<>\s]{1,60}[|｜]>")
ASKED = {"role": "user", "content": QUESTION}
ANSWERED = {"role": "assistant", "content": ANSWER}


@dataclass(frozen=True)
class TemplateTraits:
    """What the renderings show."""

    control: tuple[str, ...]
    """Tokens that text must not become: the longest first."""
    takes_system: bool
    """Whether a system message appears; some templates raise an error for one, or pass it over."""
    has_default: bool
    """Whether an empty system message takes away a system prompt that the template writes of its own accord."""
    turn_end: str | None
    """The control token behind an answer. None where a template writes none: GLM-4 and ChatGLM3."""


def traits_of(tokenizer: Any) -> TemplateTraits:
    """Find out once for each tokenizer and template. Raises InputError when not even a question can be rendered."""
    return _traits(tokenizer, str(tokenizer.chat_template))


@lru_cache(maxsize=8)
def _traits(tokenizer: Any, _template: str) -> TemplateTraits:
    opening = rendered(tokenizer, [ASKED], begin=True)
    quiet = rendered(tokenizer, [ASKED], begin=True, thinks=False)
    named = _with_system(tokenizer, SYSTEM)
    empty = _with_system(tokenizer, "")
    talk = rendered(tokenizer, [ASKED, ANSWERED, ASKED, ANSWERED], begin=False)
    behind = rendered(tokenizer, [ASKED, ANSWERED], begin=False).partition(ANSWER)[2]

    control = _control_tokens(tokenizer, opening + quiet + named + talk)
    takes_system = SYSTEM in named
    shorter = len(empty.partition(QUESTION)[0]) < len(opening.partition(QUESTION)[0])
    found = [(behind.index(token), -len(token), token) for token in control if token in behind]
    return TemplateTraits(
        control=control,
        takes_system=takes_system,
        has_default=takes_system and shorter,
        turn_end=min(found)[2] if found else None,
    )


def _with_system(tokenizer: Any, content: str) -> str:
    """Render a question behind a system message; nothing where the template refuses that."""
    system: Message = {"role": "system", "content": content}
    try:
        return rendered(tokenizer, [system, ASKED], begin=True)
    except TemplateRefusalError:
        return ""


def _control_tokens(tokenizer: Any, renderings: str) -> tuple[str, ...]:
    """Collect what is flagged special, and what is a mark of the template, flagged or not: `<|im_end|>` is not always.

    A mark is what the template writes, in these renderings or in others (its text holds it: `<tool_call>`), what has
    the shape of one (`<|fim_prefix|>`), and the marks of thinking. White space, words and elements of HTML stay text,
    also where the vocabulary lists them among the added tokens.
    """
    added = tokenizer.added_tokens_decoder.values()
    written = renderings + str(tokenizer.chat_template) + OPEN + CLOSE
    marks = {t.content for t in added if t.content in written and not WORD_OR_ELEMENT.fullmatch(t.content)}
    shaped = {t.content for t in added if SHAPE.fullmatch(t.content)}
    flagged = {t.content for t in added if t.special} | set(tokenizer.all_special_tokens)
    tokens = {token for token in marks | shaped | flagged if token.strip(" \t\r\n▁")}
    return tuple(sorted(tokens, key=lambda token: (-len(token), token)))
