"""Agents who name themselves."""

from typing import ClassVar, Literal

import polars as pl

from rules import Examples, Rule


class HumanAgentId(Rule):
    """A reply with the employee number of a person; the assistant must not learn to be that person."""

    title_zh: ClassVar[str] = "回复中有客服工号"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=("您的工号是多少", "工号已记录", "agent is busy"),
        drops=("我是客服工号1024，为您服务", "工号：A0087", "This is agent #4521."),
    )

    action: Literal["drop", "review"] = "review"

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(r"(?i)工号[:：\s为是]{0,2}[A-Za-z]{0,2}\d{2,}|agent (?:no\.?|id|#) ?\d{2,}")

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
