"""Control tokens of chat templates inside the text."""

import re
from typing import ClassVar, Literal

import polars as pl

from rules import Examples, Rule, cut

TOKENS = r"<\|[A-Za-z0-9_]{2,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<｜[^｜]{1,40}｜>|</?think>"
THOUGHT = r"(?s)<think>.*?</think>\s*"
"""What a model thought before it answered: no part of the reply, and not only its two marks."""


class ControlTokens(Rule):
    """`<|im_end|>`, `[INST]`, `</s>`: text that a template would take for its own marks. The repair cuts them out.

    With `thoughts: keep` a whole block `<think>…</think>` passes, for `train: {thinking: keep}`.
    """

    title_zh: ClassVar[str] = (
        "文本中混入对话模板的控制符（<|im_end|>、[INST]、</s>），会被模板当成自己的标记；修复即删去"
    )
    repairs = ("user", "assistant")
    examples: ClassVar[Examples] = Examples(
        keeps=("<b>粗体</b>", "a <s b", "|| ok ||", "[INSTALL]", "请说<谢谢>", "I think so"),
        drops=("好的<|im_end|>", "[INST] hi [/INST]", "完</s>", "<start_of_turn>user", "<think>嗯</think>可以"),
        fixes=(
            ("好的<|im_end|>", "好的"),
            ("a<|im_<|im_end|>end|>", "a"),
            ("[INST] hi [/INST]", "hi"),
            ("<think>\n不能说出成本。\n</think>\n\n七天内可以退。", "七天内可以退。"),
            ("完<think>", "完"),
        ),
    )

    thoughts: Literal["cut", "keep"] = "cut"

    def hints(self) -> tuple[str, ...]:
        return ("<|", "<s>", "</s>", "INST]", "SYS>>", "_of_turn>", "<｜", "think>")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        text = frame["text"]
        return (text.str.replace_all(THOUGHT, "") if self.thoughts == "keep" else text).str.contains(TOKENS)

    def fix(self, text: str) -> str:
        if self.thoughts == "cut":
            return cut(TOKENS, cut(THOUGHT, text))
        thoughts = re.findall(THOUGHT, text)
        between = [cut(TOKENS, part) for part in re.split(THOUGHT, text)]
        return "".join(part + thought for part, thought in zip(between, [*thoughts, ""], strict=True))
