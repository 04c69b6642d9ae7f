"""Who speaks when."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class RoleOrder(Rule):
    """After an optional system message, user and assistant take turns, and the user begins."""

    title_zh: ClassVar[str] = "角色顺序错误：可选的系统消息之后，应由用户先说，用户和助手轮流"
    kinds = ("domain", "identity", "general")
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"roles": ["user", "assistant"]},
            {"roles": ["system", "user", "assistant", "user", "assistant"]},
            {"roles": ["user"]},
        ),
        drops=(
            {"roles": ["assistant", "user", "assistant"]},
            {"roles": ["user", "system", "assistant"]},
            {"roles": ["user", "user", "assistant"]},
            {"roles": []},
        ),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        roles = frame["roles"]
        # One question and one answer are in order: most records need no pattern.
        longer = (roles.list.len() != 2) | (roles.list.first() != "user") | (roles.list.last() != "assistant")
        spoken = roles.filter(longer).list.join(" ")
        in_order = spoken.str.contains(r"^(?:system )?user(?: assistant user)*(?: assistant)?$")
        return longer.scatter(longer.arg_true(), ~in_order)
