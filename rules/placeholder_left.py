"""Placeholders of the assistant's own name that nobody filled in."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from schemas.placeholders import NAME_PLACEHOLDER


class PlaceholderLeft(Rule):
    """`{{name}}`, `<AUTHOR>`, `${name}`: a model that trains on them says them. Platform masks such as
    `{{Order Number}}` stand for content and pass.
    """

    title_zh: ClassVar[str] = (
        "残留未替换的名称占位符（{{name}}、<AUTHOR>、${name}），模型学了就会照说；"
        "平台的 {{Order Number}} 之类代表内容，不算"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=("您的订单{{Order Number}}已发货", '{"name": 1}', "[姓名x]您好", "f(x) = {x}"),
        drops=("我是{{name}}", "I am <NAME> by ${author}", "我是｛｛名字｝｝", "I'm {NAME}"),
    )

    def hints(self) -> tuple[str, ...]:
        return ("{", "｛｛", "<", "${")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["text"].str.contains(NAME_PLACEHOLDER)
