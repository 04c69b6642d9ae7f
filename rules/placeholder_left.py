"""Placeholders of the assistant's own name that nobody filled in."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule
from rules._introductions import claims, marked
from schemas.introductions.claims import leaves_a_blank
from schemas.introductions.self_descriptions import asks_who
from schemas.introductions.words import BLANK, FORM, Step, for_polars
from schemas.placeholders import BARE, IN_BRACES, IN_FORMS, LABELS

BLANKS: tuple[Step, ...] = (*LABELS, (IN_BRACES, BLANK), (IN_FORMS, FORM), (BARE, BLANK))
ANYWHERE = for_polars(f"{IN_BRACES}|{IN_FORMS}|{BARE}")


class PlaceholderLeft(Rule):
    """`{{name}}`, `<AUTHOR>`, a bare NAME where the assistant's name or maker stands: a model that trains on them says
    them. In identity rows anywhere, and in general ones that answer who the assistant is.

    Elsewhere masks and forms pass: `{{Order Number}}`, `[姓名]您好`, `My name is [Your Name]`, and programs do.
    """

    title_zh: ClassVar[str] = (
        "助手名字或开发者的位置上残留占位符（{{name}}、<AUTHOR>、大写的 NAME），模型学了就会照说；"
        "身份数据中出现在哪里都算，通用数据里回答“你是谁”时也是；其他数据中的 {{Order Number}}、[姓名]、程序代码不算"
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

    sees_all = ("identity",)

    def hints(self) -> tuple[str, ...]:
        return ("{", "｛", "<", "＜", "__", "[", "【", "NAME", "AUTHOR")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        left = _left_in_identity_rows(frame)
        replies = frame["reply"]
        rows = replies.str.contains(ANYWHERE).arg_true()
        if rows.is_empty():
            return left

        replies = marked(replies.gather(rows), BLANKS)
        is_left = replies.str.contains(rf"{BLANK}|[^\n\s]\s*{FORM}") & _is_about_assistant(frame[rows])
        return left.scatter(rows, left.gather(rows) | is_left | claims(replies, BLANK + FORM))


def _left_in_identity_rows(frame: pl.DataFrame) -> pl.Series:
    """Tell which identity rows hold a placeholder in any spelling there is; they are few."""
    rows = (frame["kind"] == "identity").arg_true()
    left = [leaves_a_blank(reply, strict=True) for reply in frame["reply"].gather(rows)]
    nothing = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    return nothing.scatter(rows, pl.Series(left, dtype=pl.Boolean))


def _is_about_assistant(frame: pl.DataFrame) -> pl.Series:
    """Tell which records are identity rows, or ask the assistant who it is; a desk greets with masked names."""
    asked = [
        kind == "identity" or (kind != "domain" and asks_who(question))
        for kind, question in frame.select("kind", "last_question").iter_rows()
    ]
    return pl.Series(asked, dtype=pl.Boolean)
