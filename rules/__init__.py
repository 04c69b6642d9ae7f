"""What good data is: one rule a file, found by its file name, and the base class of them all.

Rules do not import each other. `rules.personal` holds the kinds of personal data, `rules.lexicons` the word lists.
Start with `Rule` below and `reply_length.py`, a short rule with a limit; the stage `quality` of curate runs them.

A rule sees a frame with one row per record and the columns of `COLUMNS`: `question` (the user's turns joined by a line
feed), `reply` (the assistant's turns, likewise), `text` (all turns), `last_question`, `last_reply`, `question_lang` and
`reply_lang` (by script and function words, see `schemas/language.py`), `turns` and `roles`, and the scores by models
of `SCORE_COLUMNS`, null where the recipe names no file of scores or the record has none.

Imports: rules.lexicons.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import ConfigDict, Field, model_validator

from schemas.bilingual import Bilingual
from schemas.identity import Identity
from schemas.record import KINDS, Frozen, Kind
from schemas.scores import SCORE_COLUMNS

COLUMNS = pl.Schema(
    [
        ("id", pl.String()),
        ("kind", pl.String()),
        ("lang", pl.String()),
        ("question", pl.String()),
        ("reply", pl.String()),
        ("text", pl.String()),
        ("last_question", pl.String()),
        ("last_reply", pl.String()),
        ("question_lang", pl.String()),
        ("reply_lang", pl.String()),
        ("turns", pl.Int64()),
        ("roles", pl.List(pl.String())),
        *((name, pl.Float32()) for name in SCORE_COLUMNS),
    ]
)
CodePoints = npt.NDArray[np.uint32]
Offsets = npt.NDArray[np.int64]
Action = Literal["drop", "review", "fix"]


@dataclass(frozen=True)
class Examples:
    """What a rule keeps and what it drops: its test, its documentation and its tooltip.

    Each is a reply, or a dictionary of rule columns where the reply alone does not show it. `fixes` has replies and
    what a repair makes of them; `settings` are those of the rule that the examples need.
    """

    keeps: tuple[str | dict[str, Any], ...]
    drops: tuple[str | dict[str, Any], ...]
    fixes: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


class Rule(Frozen):
    """A check of one record. The fields are its settings in the recipe; the docstring is its page in the docs.

    `title_zh` says in Chinese what the first paragraph of the docstring says in English.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(Examples,))

    examples: ClassVar[Examples]
    title_zh: ClassVar[str]
    kinds: ClassVar[tuple[Kind, ...]] = KINDS
    """The kinds of record that the rule judges; all others pass."""
    limits: ClassVar[tuple[str, ...]] = ("min", "max")
    """The settings that `passes` alone reads: they can be tried again on stored scores."""
    repairs: ClassVar[tuple[Literal["user", "assistant"], ...]] = ()
    """Whose turns `fix` repairs; none for a rule without a repair."""

    sees_all: ClassVar[tuple[Kind, ...]] = ()
    """Kinds whose every record the rule is shown, whatever its hints."""

    action: Action = "drop"

    @model_validator(mode="after")
    def _repairable(self) -> Self:
        if self.action == "fix" and not self.repairs:
            raise ValueError(
                Bilingual(
                    "this rule has no repair; its action is 'drop' or 'review'",
                    "这条规则无法修复，action 只能是 drop 或 review",
                )
            )
        return self

    def hints(self) -> tuple[str, ...]:
        """List words of which one stands in every text that scores anything but False, A to Z in either case.

        The stage `quality` looks for the hints of all rules in one pass, and shows a rule the texts that hold any.
        Empty for a rule that must see every text.
        """
        return ()

    def knowing(self, identity: Identity) -> "Rule":
        """Make the rule that knows who the assistant is: the same one, where it does not matter."""
        return self

    def score(self, frame: pl.DataFrame) -> pl.Series:
        """Measure each record of `frame`: a number, a bool (True is bad), or a word."""
        raise NotImplementedError

    def passes(self, score: pl.Series) -> pl.Series:
        """Tell which scores are good enough, one bool per record."""
        return ~score

    def fix(self, text: str) -> str:
        """Take out of one turn what the rule objects to; the result may be empty.

        Fixing twice changes nothing more.
        """
        raise NotImplementedError


class LimitRule(Rule):
    """A rule with limits, which may differ by kind: `reply_length: {max: 4000, by_kind: {general: {max: 20000}}}`."""

    by_kind: dict[Kind, dict[str, float]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_kinds(self) -> Self:
        limits = [key for key in self.limits if key in type(self).model_fields]
        for kind, changed in self.by_kind.items():
            unknown = [key for key in changed if key not in limits]
            if unknown:
                known = ", ".join(limits)
                raise ValueError(
                    Bilingual(
                        f"by_kind: '{unknown[0]}' is no limit of this rule; known: {known}",
                        f"by_kind：“{unknown[0]}”不是这条规则的限值；可用：{known}",
                    )
                )
            self.of_kind(kind)
        return self

    def of_kind(self, kind: str) -> "LimitRule":
        """Make the rule with the limits that hold for records of a kind."""
        changed = self.by_kind.get(kind)  # type: ignore[call-overload]
        return type(self)(**{**self.model_dump(exclude={"by_kind"}), "by_kind": {}, **changed}) if changed else self

    def passes(self, score: pl.Series) -> pl.Series:
        raise NotImplementedError


def cut(pattern: str, text: str) -> str:
    """Cut what the pattern matches out of the text, until nothing matches; what a named group matched stays.

    A text without a match is not touched. The pattern is one that Python and polars both read.
    """
    # What was apart may meet after a cut and match again: `<|im_<|im_end|>end|>`.
    while (shorter := re.sub(pattern, _named_groups, text)) != text:
        text = re.sub(r"[ \t]{2,}", " ", shorter).strip()
    return text


def _named_groups(match: re.Match[str]) -> str:
    return "".join(text for text in match.groupdict().values() if text)


def stripped_length(texts: pl.Series) -> pl.Series:
    """Count the characters of each text without white space at its ends."""
    return texts.str.strip_chars().str.len_chars()


BLOCK = 4096
"""Texts whose code points fit the processor's cache together."""


def code_points(frame: pl.DataFrame, column: str) -> list[tuple[CodePoints, Offsets]]:
    """Read the code points of all texts of a column, a line feed after each, and the offset at which each text starts.

    Blocks of `BLOCK` texts: what is computed from one stays in the processor's cache. The last answer is kept for the
    next rule, which is shown the same frame.
    """
    if _last.frame is not frame or _last.column != column:
        blocks = [_code_points(frame[column].slice(first, BLOCK)) for first in range(0, frame.height, BLOCK)]
        _last.frame, _last.column, _last.blocks = frame, column, blocks
    return _last.blocks


class _LastRead(threading.local):
    """The frame, the column and the blocks that `code_points` read last in this thread."""

    def __init__(self) -> None:
        self.frame: pl.DataFrame | None = None
        self.column = ""
        self.blocks: list[tuple[CodePoints, Offsets]] = []


_last = _LastRead()


def _code_points(block: pl.Series) -> tuple[CodePoints, Offsets]:
    sizes = block.str.len_chars().cast(pl.Int64).to_numpy() + 1
    joined = block.str.join("\n").item() + "\n"
    return np.frombuffer(joined.encode("utf-32-le"), np.uint32), np.cumsum(sizes) - sizes


def text_indices(offsets: Offsets, starts: Offsets) -> Offsets:
    """Find for each offset the index of the text that it lies in."""
    return np.searchsorted(starts, offsets, side="right") - 1
