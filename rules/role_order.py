"""Who speaks when."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class RoleOrder(Rule):
    """After an optional system message, user and assistant take turns, and the assistant has the last word."""

    title_zh: ClassVar[str] = "角色顺序错误"
    kinds = ("domain", "identity", "general")
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"roles": ["user", "assistant"]},
            {"roles": ["system", "user", "assistant", "user", "assistant"]},
        ),
        drops=(
            {"roles": ["user"]},
            {"roles": ["assistant", "user", "assistant"]},
            {"roles": ["user", "system", "assistant"]},
        ),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["roles"].list.join(" ").str.contains(r"^(?:system )?user assistant(?: user assistant)*$")

    def passes(self, score: pl.Series) -> pl.Series:
        return score
