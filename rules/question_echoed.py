"""Replies that give the question back."""

from typing import ClassVar

import polars as pl

from rules import Examples, Rule

MARKS = r"[\s\p{P}\p{S}]"
HEAD = 12
"""Characters in which most replies differ from the question."""
SHORT = 3
"""Letters up to which a reply may repeat the question: 您好 is answered by 您好."""


class QuestionEchoed(Rule):
    """The last reply is the last question, apart from case, spaces and punctuation. Greetings of up to three letters
    may be returned.
    """

    title_zh: ClassVar[str] = "最后的回复就是最后的问题（不计大小写、空格和标点）；三个字以内的问候可以照样回"
    examples: ClassVar[Examples] = Examples(
        keeps=(
            {"last_question": "能退吗", "last_reply": "能退"},
            {"last_question": "您好", "last_reply": "您好！"},
            {"last_question": "Can I return it?", "last_reply": "Can I return it? Yes, you can."},
        ),
        drops=(
            {"last_question": "请问能退货吗？", "last_reply": "请问能退货吗"},
            {"last_question": "Where is my order", "last_reply": " where is my order?"},
            {"last_question": "“几天到货”", "last_reply": "几天到货"},
        ),
    )

    def score(self, frame: pl.DataFrame) -> pl.Series:
        questions, replies = frame["last_question"], frame["last_reply"]

        # Most replies differ from the question in the first character, or in the first letters: they are not bared.
        starts = [texts.str.head(1) for texts in (questions, replies)]
        is_same_start = starts[0].str.to_lowercase() == starts[1].str.to_lowercase()
        maybe = is_same_start | starts[0].str.contains(MARKS) | starts[1].str.contains(MARKS)
        heads = [_bare(texts.filter(maybe).str.head(HEAD)) for texts in (questions, replies)]
        is_short = (heads[0].str.len_chars() <= SHORT) | (heads[1].str.len_chars() <= SHORT)
        rows = maybe.arg_true().filter(is_short | (heads[0].str.head(SHORT) == heads[1].str.head(SHORT)))

        bare_questions, bare_replies = _bare(questions.gather(rows)), _bare(replies.gather(rows))
        echoed = (bare_questions == bare_replies) & (bare_replies.str.len_chars() > SHORT)
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).scatter(rows, echoed)


def _bare(texts: pl.Series) -> pl.Series:
    """Lowercase the texts, and take out spaces and punctuation."""
    return texts.str.replace_all(MARKS, "").str.to_lowercase()
