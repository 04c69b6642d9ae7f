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
        odd = (roles.list.len() != 2) | (roles.list.first() != "user") | (roles.list.last() != "assistant")
        spoken = roles.filter(odd).list.join(" ")
        return odd.scatter(
            odd.arg_true(), ~spoken.str.contains(r"^(?:system )?user(?: assistant user)*(?: assistant)?$")
        )
