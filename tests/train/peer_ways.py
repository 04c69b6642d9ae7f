"""How TRL and LLaMA-Factory prepare rows for a model, and the rows of which they learn something else than Hornbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.job import Thinking

Rows = frozenset[str]


def rows(names: str) -> Rows:
    return frozenset(names.split())


# Equal again where the peer gets the rows as Hornbook gives them to the template.
LLAMA = rows("control_llama control_text control_system control_unused")
GEMMA = rows("control_gemma control_system control_unused")
QWEN = rows(
    "control_chatml control_text control_system control_tools control_unused thought_asked thought_shut blank_answer"
)
"""Control tokens in a text: in Hornbook they stay text, in both peers they become control tokens. And an answer
without a word, of which Hornbook leaves out a line, see BLANK_LINES."""
BLANK_SYSTEM = rows("blank_system")
EMPTY_SYSTEM = rows("blank_system empty_system")
"""System messages without a word: Hornbook writes one only to take away a default of the template."""
SPACED = rows(
    "blank_answer line_after_answer line_before_answer lines_around_question lines_before_answer space_before_answer "
    "spaced_turns spaces_after_answer spaces_around_question tab_before_answer wide_space"
)
SPACED_SYSTEM = rows("space_around_system")
BLANK_LINES = rows("line_before_answer lines_before_answer")
"""Lines without a word that begin an answer: Hornbook leaves them out, because the first would merge with the line feed
before it into a token that no prompt ends with."""
LINES_FIRST = rows("line_before_answer lines_before_answer spaced_turns#2")
"""White space that the template trims: LLaMA-Factory does not use the template."""
THOUGHTS = rows("thought thought_zh thought_close thought_twice#1 thought_twice#2 thought_first#1 thought_last#2")
"""Thoughts of rows where thinking is off: they are left out in Hornbook, and learnt by the peer."""
WRITTEN_BLOCK = rows("thought_empty")
"""An empty block of thinking in a row where thinking is off."""
ONE_LINE = rows("thought_close")
"""`<think>short</think>Hello`: Hornbook puts the marks in lines of their own, as Qwen3 does."""

# Equal in no wording.
CUT_OFF = rows("thought_open")
"""A thought without an end: Hornbook skips the row."""
FIRST = rows("answer_first")
"""An answer to nothing: Hornbook does not learn it where the template cannot render the nothing before it."""
SLOT, SLOTS = rows("slot_idx"), rows("slot_idx#1 slot_idx#2")
"""LLaMA-Factory puts the number of the turn in place of `{{idx}}` in a question."""
HISTORY = rows(
    "two two_en three five two_system three_system_en same_words two_lists two_emoji two_long spaced_turns "
    "empty_first_answer thought_twice thought_first thought_last slot_idx"
)
"""Several answers in one sample, each behind a block of thinking. Hornbook makes a sample of each answer: Qwen3 sees no
such block in what was said before."""
LAST_ONLY = HISTORY
"""Several answers, of which TRL learns the last as a completion, and Hornbook learns all."""


def without_lines(text: str) -> str:
    return text.lstrip("\n")


@dataclass(frozen=True)
class Way:
    """One way of a peer: for `model`, with the settings in `job`, beside Hornbook's `thinking`."""

    model: str
    thinking: Thinking
    job: dict[str, Any]
    differs: Rows
    """Rows that are equal once they are written alike. Where each answer is a row, one is named by its number."""
    apart: Rows = CUT_OFF
    """Rows that are equal in no wording."""
    feeds: bool = True
    """Whether the peer learns the line feed that the template writes behind the end of a turn, too."""
    unrolled: bool = False
    """Whether each answer is a row of its own, with what was said before."""
    template: str | None = None
    """A template that TRL brings, in place of the tokenizer's own."""
    trims: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """What the template trims, and the peer does not, by role."""
    orders: bool = False
    """Whether rows whose turns are out of order are tried."""


ASSISTANT = {"way": "assistant"}
COMPLETION = {"way": "completion"}
QUIET = {"way": "completion", "options": {"enable_thinking": False}}


def settings(template: str, **options: object) -> dict[str, Any]:
    return {"options": {"template": template, **options}}


def last(thinks: bool | None) -> dict[str, Any]:
    """Learn the last answer of a row alone."""
    return settings("qwen3", mask_history=True, enable_thinking=thinks)


STRIPPED = {"user": str.strip, "assistant": str.strip}
LINES = {"assistant": without_lines}
NEW, INSTRUCT, DATED = "qwen3.jinja", "qwen3_instruct_2507.jinja", "llama3_1.jinja"
"""A later Qwen3, Qwen3-2507 and Meta's Llama 3.1. The tokenizers of the tests have the first Qwen3 and Llama 3."""
TRL = {
    "llama": Way("llama3_1", "keep", ASSISTANT, LLAMA | EMPTY_SYSTEM | ONE_LINE, CUT_OFF | FIRST, feeds=False,
        orders=True),
    "llama_dated": Way("llama3_1", "keep", COMPLETION, LLAMA | ONE_LINE, CUT_OFF | LAST_ONLY, feeds=False,
        template=DATED),
    "gemma": Way("gemma3", "keep", ASSISTANT, GEMMA | EMPTY_SYSTEM | ONE_LINE),
    "qwen": Way("qwen3", "keep", ASSISTANT, QWEN | EMPTY_SYSTEM, CUT_OFF | HISTORY, template=NEW),
    "qwen_keep": Way("qwen3", "keep", COMPLETION, QWEN | EMPTY_SYSTEM, unrolled=True),
    "qwen_off": Way("qwen3", "off", QUIET, QWEN | EMPTY_SYSTEM | THOUGHTS, unrolled=True),
    "qwen_off_new": Way("qwen3", "off", QUIET, QWEN | EMPTY_SYSTEM | THOUGHTS, unrolled=True, template=NEW),
    "qwen_2507": Way("qwen3", "keep", ASSISTANT, QWEN | BLANK_LINES | EMPTY_SYSTEM | ONE_LINE,
        CUT_OFF | FIRST | rows("spaced_turns"),
        template=INSTRUCT, orders=True),
}  # fmt: skip
LLAMA_FACTORY = {
    "llama": Way("llama3_1", "keep", settings("llama3"), LLAMA | BLANK_SYSTEM | SPACED | SPACED_SYSTEM | ONE_LINE,
        CUT_OFF | SLOT, feeds=False, trims={**STRIPPED, "system": str.strip}),
    "gemma": Way("gemma3", "keep", settings("gemma"), GEMMA | BLANK_SYSTEM | SPACED | ONE_LINE, trims=STRIPPED),
    "qwen": Way("qwen3", "off", settings("qwen3", enable_thinking=False), QWEN | BLANK_SYSTEM | ONE_LINE,
        CUT_OFF | HISTORY),
    "qwen_off": Way("qwen3", "off", last(False), QWEN | BLANK_SYSTEM | ONE_LINE, CUT_OFF | SLOTS, unrolled=True),
    "qwen_keep": Way("qwen3", "keep", last(True), QWEN | BLANK_SYSTEM | LINES_FIRST | ONE_LINE,
        CUT_OFF | SLOTS, unrolled=True, trims=LINES),
    "qwen_none": Way("qwen3", "off", last(None), QWEN | BLANK_SYSTEM | LINES_FIRST | THOUGHTS | WRITTEN_BLOCK,
        CUT_OFF | SLOTS, unrolled=True, trims=LINES),
    "qwen_2507": Way("qwen3", "keep", settings("qwen3_nothink"), QWEN | BLANK_LINES | BLANK_SYSTEM | ONE_LINE,
        CUT_OFF | SLOT | rows("spaced_turns"), template=INSTRUCT),
}  # fmt: skip
PEERS = {"trl": TRL, "llamafactory": LLAMA_FACTORY}
