"""What good data is: one rule a file, found by its file name. Imports schemas only.

A rule sees a frame with one line per record and the columns of `VIEW`: `question` (the user's turns joined by a line
feed), `reply` (the assistant's turns, likewise), `text` (all turns), `last_question`, `last_reply`, `question_lang` and
`reply_lang` (by script and function words, see `schemas/script.py`), `turns` and `roles`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import ConfigDict, Field, model_validator

from schemas.bilingual import Words
from schemas.record import KINDS, Frozen, Kind

VIEW = pl.Schema(
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
    ]
)
Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Action = Literal["drop", "review", "fix"]


@dataclass(frozen=True)
class Examples:
    """What a rule keeps and what it drops: its test, its documentation and its tooltip.

    Each is a reply, or a dictionary of view columns where the reply alone does not show it. `fixes` has replies and
    what a repair makes of them; `settings` is what the rule must be told first.
    """

    keeps: tuple[str | dict[str, Any], ...]
    drops: tuple[str | dict[str, Any], ...]
    fixes: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


class Rule(Frozen):
    """Judges one record. The fields are its settings in the recipe; the docstring is its page in the docs.

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

    action: Action = "drop"

    @model_validator(mode="after")
    def _repairable(self) -> Self:
        if self.action == "fix" and not self.repairs:
            raise ValueError(
                Words(
                    "this rule has no repair; its action is 'drop' or 'review'",
                    "这条规则无法修复，action 只能是 drop 或 review",
                )
            )
        return self

    def hints(self) -> tuple[str, ...]:
        """Words of which one stands in every text that scores anything but False, A to Z in either case.

        The judge looks for the hints of all rules in one pass, and shows a rule the texts that hold any. Empty for a
        rule that must see every text.
        """
        return ()

    def score(self, frame: pl.DataFrame) -> pl.Series:
        """What is measured per line of `frame`: a number, a bool (True is bad), or a word."""
        raise NotImplementedError

    def passes(self, score: pl.Series) -> pl.Series:
        """Which scores are good enough, one bool per line."""
        return ~score

    def fix(self, text: str) -> str:
        """One turn without what the rule objects to; empty when nothing is left. Fixing twice changes nothing more."""
        raise NotImplementedError


class Measure(Rule):
    """A rule with limits, which may differ by kind: `reply_length: {max: 4000, by_kind: {general: {max: 20000}}}`."""

    by_kind: dict[Kind, dict[str, float]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_kinds(self) -> Self:
        for kind, changed in self.by_kind.items():
            unknown = [key for key in changed if key not in self.limits or key not in type(self).model_fields]
            if unknown:
                known = ", ".join(key for key in self.limits if key in type(self).model_fields)
                raise ValueError(
                    Words(
                        f"by_kind: '{unknown[0]}' is no limit of this rule; known: {known}",
                        f"by_kind：“{unknown[0]}”不是这条规则的限值；可用：{known}",
                    )
                )
            self.of_kind(kind)
        return self

    def of_kind(self, kind: str) -> "Measure":
        """This rule with the limits that hold for records of a kind."""
        changed = self.by_kind.get(kind)  # type: ignore[call-overload]
        return type(self)(**{**self.model_dump(exclude={"by_kind"}), "by_kind": {}, **changed}) if changed else self

    def passes(self, score: pl.Series) -> pl.Series:
        raise NotImplementedError


def cut(pattern: str, text: str) -> str:
    """The text without what the pattern matches, until nothing matches; what a named group matched stays.

    A text without a match is not touched. The pattern is one that Python and polars both read.
    """
    while (left := re.sub(pattern, _kept, text)) != text:
        text = re.sub(r"[ \t]{2,}", " ", left).strip()
    return text


def _kept(match: re.Match[str]) -> str:
    return "".join(part for part in match.groupdict().values() if part)


def stripped_length(texts: pl.Series) -> pl.Series:
    """The characters of each text without white space at its ends."""
    return texts.str.strip_chars().str.len_chars()


BLOCK = 4096


def codes(frame: pl.DataFrame, column: str) -> list[tuple[Codes, Places]]:
    """The code points of all texts of a column, a line feed after each, and where each text starts: a block of texts at
    a time, so that what is computed from them stays in the processor's cache. Kept for the next rule, which is shown
    the same frame.
    """
    if not (_asked and _asked[-1][0] is frame and _asked[-1][1] == column):
        blocks = [_codes(frame[column].slice(first, BLOCK)) for first in range(0, frame.height, BLOCK)]
        _asked[:] = [(frame, column, blocks)]
    return _asked[-1][2]


_asked: list[tuple[pl.DataFrame, str, list[tuple[Codes, Places]]]] = []


def _codes(block: pl.Series) -> tuple[Codes, Places]:
    sizes = block.str.len_chars().cast(pl.Int64).to_numpy() + 1
    joined = block.str.join("\n").item() + "\n"
    return np.frombuffer(joined.encode("utf-32-le"), np.uint32), np.cumsum(sizes) - sizes


def text_of(places: Places, starts: Places) -> Places:
    """The number of the text that each place lies in."""
    return np.searchsorted(starts, places, side="right") - 1
