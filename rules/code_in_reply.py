"""Programs where people are answered."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule


class CodeInReply(Rule):
    """A business reply with a program, a query, a stack trace or a dump of JSON in it. Leave this rule out if code is
    what your customers ask for.
    """

    title_zh: ClassVar[str] = "业务回复里夹有程序、查询语句、报错堆栈或 JSON；若客户问的就是代码，请跳过这条规则"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "这个功能在设置里可以打开",
            "Please select the item from the list.",
            "We import goods from Japan (all of them).",
            "规格{大/中/小}任选",
            "The function of this key (F1) is help.",
        ),
        drops=(
            "```python\nprint(1)\n```",
            "function add(a, b) { return a + b }",
            "SELECT name FROM users WHERE id = 1",
            "Traceback (most recent call last):\n  File",
            '{"code": 500, "msg": "error"}',
        ),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        return (
            "```",
            "function",
            "def ",
            "select ",
            "#include",
            "console.log",
            "static void",
            "traceback (",
            '":',
            "exception in",
        )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(
            r"```|function [A-Za-z_]*\([^()\n]*\) ?\{|(?:^|\n) *def [a-z_]+\([^()\n]*\):|SELECT [^;\n]+ FROM [A-Za-z_]"
            r"|#include ?<|console\.log\(|static void |Traceback \(most recent|Exception in thread"
            r"|[\[{]\s*\"[A-Za-z_]+\" ?:"
        )
