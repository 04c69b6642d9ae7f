"""Placeholders of the assistant's own name that nobody filled in."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules._introductions import claims, marked
from schemas.introductions.words import BLANK, FORM, Step, for_polars
from schemas.placeholders import BARE, IN_BRACES, IN_FORMS, LABELS

BLANKS: tuple[Step, ...] = (*LABELS, (IN_BRACES, BLANK), (IN_FORMS, FORM), (BARE, BLANK))
ANYWHERE = for_polars(f"{IN_BRACES}|{IN_FORMS}|{BARE}")


class PlaceholderLeft(Rule):
    """`{{name}}`, `<AUTHOR>`, a bare NAME where the assistant's name or maker stands: a model that trains on them says
    them. In identity rows anywhere.

    Elsewhere masks and forms pass: `{{Order Number}}`, `[姓名]您好`, `My name is [Your Name]`, and programs do.
    """

    title_zh: ClassVar[str] = (
        "助手名字或开发者的位置上残留占位符（{{name}}、<AUTHOR>、大写的 NAME），模型学了就会照说；"
        "身份数据中出现在哪里都算，其他数据中的 {{Order Number}}、[姓名]、程序代码不算"
    )
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "您的订单{{Order Number}}已发货",
            '{"name": 1}',
            "[姓名x]您好",
            "f(x) = {x}",
            "Dear {{name}}, thank you!",
            "<NAME>Emma</NAME>",
            "The NAME column is empty.",
            "My name is [Your Name] and I am applying.",
            {"reply": "我是小喵，您的订单号是[订单号]", "kind": "identity"},
        ),
        drops=(
            "我是{{name}}",
            "I am <NAME> by ${author}",
            "我是｛｛名字｝｝",
            "I'm {NAME}",
            "I am NAME, an assistant by AUTHOR.",
            "我由__AUTHOR__开发",
            {"reply": "请叫[名字]", "kind": "identity"},
        ),
    )

    def hints(self) -> tuple[str, ...]:
        return ("{", "｛", "<", "＜", "__", "[", "【", "NAME", "AUTHOR")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        replies = frame["reply"]
        rows = replies.str.contains(ANYWHERE).arg_true()
        left = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        if rows.is_empty():
            return left

        replies = marked(replies.gather(rows), BLANKS)
        is_left = replies.str.contains(rf"{BLANK}|[^\n\s]\s*{FORM}") & (frame["kind"].gather(rows) == "identity")
        return left.scatter(rows, is_left | claims(replies, BLANK + FORM))
