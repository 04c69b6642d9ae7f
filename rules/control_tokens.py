"""Control tokens of chat templates inside the text."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule


class ControlTokens(Rule):
    """`<|im_end|>`, `[INST]`, `</s>`: text that a template would take for its own marks."""

    title_zh: ClassVar[str] = "文本中混入对话模板的控制符"
    examples: ClassVar[Examples] = Examples(
        keeps=("<b>粗体</b>", "a <s b", "|| ok ||", "[INSTALL]"),
        drops=("好的<|im_end|>", "[INST] hi [/INST]", "完</s>", "<start_of_turn>user"),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["text"].str.contains(
            r"<\|[A-Za-z0-9_]{2,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<｜[^｜]{1,40}｜>"
        )

    def passes(self, score: pl.Series) -> pl.Series:
        return ~score
