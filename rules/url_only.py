"""Replies that are a link and nothing else."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class UrlOnly(Rule):
    """A reply of links alone: a link cannot be opened by who learns from it."""

    title_zh: ClassVar[str] = "回复只有链接：模型学习时打不开链接"
    kinds = ("domain", "identity", "refusal")
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "请看 https://a.example/1 第二条",
            "www 是什么",
            "网址：https://a.example",
            "https://a.example/1 有说明",
        ),
        drops=(
            "https://a.example/x?y=1",
            " http://b.example ",
            "www.a.example",
            "https://a.example\nhttps://b.example。",
        ),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(r"^\s*(?:(?:https?://|www\.)\S+\s*)+$")
