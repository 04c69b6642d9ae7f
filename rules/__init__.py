"""What good data is: one rule a file, found by its file name. Imports schemas only.

A rule sees a frame with one line per record and these columns, all String but the last two:
`id`, `kind`, `lang`, `question` (the user's turns joined by a line feed), `reply` (the assistant's turns, likewise),
`text` (both), `last_question`, `last_reply`, `turns` (Int64), `roles` (List(String)).
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import ConfigDict

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
        ("turns", pl.Int64()),
        ("roles", pl.List(pl.String())),
    ]
)


@dataclass(frozen=True)
class Examples:
    """What a rule keeps and what it drops: its test, its documentation and its tooltip.

    Each is a reply, or a dictionary of view columns where the reply alone does not show it.
    """

    keeps: tuple[str | dict[str, Any], ...]
    drops: tuple[str | dict[str, Any], ...]


class Rule(Frozen):
    """Judges one record. The fields are its settings in the recipe; the docstring is its page in the docs.

    `title_zh` says in Chinese what the first line of the docstring says in English.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(Examples,))

    examples: ClassVar[Examples]
    title_zh: ClassVar[str]
    kinds: ClassVar[tuple[Kind, ...]] = KINDS
    """The kinds of record that the rule judges; all others pass."""

    action: Literal["drop", "review"] = "drop"

    def score(self, frame: pl.DataFrame) -> pl.Series:
        """What is measured, one number or bool per line of `frame`."""
        raise NotImplementedError

    def passes(self, score: pl.Series) -> pl.Series:
        """Which scores are good enough, one bool per line."""
        raise NotImplementedError
