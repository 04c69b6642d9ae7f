"""Conversations that end with the customer."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class UnansweredLastTurn(Rule):
    """The customer has the last word: there is no answer to learn."""

    title_zh: ClassVar[str] = "对话以客户的话结束：没有可学的回答"
    kinds = ("domain", "identity", "general")
    examples: ClassVar[Examples] = Examples(
        keeps=({"roles": ["user", "assistant"]}, {"roles": ["assistant"]}, {"roles": ["system", "user", "assistant"]}),
        drops=({"roles": ["user"]}, {"roles": ["user", "assistant", "user"]}, {"roles": ["system", "user"]}),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return (frame["roles"].list.last() == "user").fill_null(False)
